"""A real server as an operator meets it: its checks by any name, its metrics, its log as JSON."""

import http.client
import json
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.running_server import RunningServer, free_port

TOKEN = "tests only, 32 characters or more"


@pytest.fixture(params=["daphne", "uvicorn"])
def server(request, tmp_path: Path):
    """`make run`, on either server, with everything for operators switched on."""
    more = {"ASGI_SERVER": request.param, "METRICS_TOKEN": TOKEN, "LOG_FORMAT": "json", "LOG_LEVEL": "DEBUG"}
    more |= {"JOBS_METRICS_ADDRESS": f"127.0.0.1:{free_port()}", "JOB_SECONDS": "1"}
    with RunningServer(tmp_path / "data", **more) as running:
        yield running


def get(port: int, path: str, **headers: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    found = answer.status, answer.read()
    connection.close()
    return found


def test_an_operator_can_watch_it_and_its_log_tells_nothing_of_who_was_there(server):
    for host in ("10.1.2.3:8000", "evil.example"):
        assert get(server.port, "/healthz", Host=host) == (200, b'{"alive": true}')
        until(lambda host=host: get(server.port, "/readyz", Host=host) == (200, b'{"ready": true}'))
        assert get(server.port, "/api/server", Host=host)[0] == 400
    bearer = f"Bearer {TOKEN}"
    assert get(server.port, "/metrics")[0] == 401
    status, body = get(server.port, "/metrics", Authorization=bearer, Host="10.1.2.3:8000")
    assert status == 200
    assert b'talk2me_errors_total{code="bad_request"} 2.0' in body

    jobs_port = int(server.environment["JOBS_METRICS_ADDRESS"].split(":")[1])
    until(lambda: b'outcome="ok"} 0.0' not in get(jobs_port, "/metrics", Authorization=bearer)[1])

    server.stop()
    lines = [line for line in server.log.read_text().splitlines() if not line.startswith("talk2me ")]
    events = [json.loads(line) for line in lines]
    said = [event["event"] for event in events if event["logger"] == "talk2me.life"]
    assert said == ["worker started", "worker stopping", "worker stopped"]
    assert "job done" in {event["event"] for event in events}
    assert not [line for line in lines if "10.1.2.3" in line or "127.0.0.1" in line or TOKEN in line]


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_it_is_not_ready_while_redis_hangs_and_alive_all_the_time(tmp_path: Path, valkey):
    with RunningServer(tmp_path / "data", REDIS_URL=valkey.url, METRICS_TOKEN=TOKEN) as server:
        until(lambda: get(server.port, "/readyz")[0] == 200)
        valkey.pause()
        try:
            until(lambda: get(server.port, "/readyz")[0] == 503)
            lacking = get(server.port, "/readyz", Authorization=f"Bearer {TOKEN}")[1]
            assert "channel_layer" in json.loads(lacking)["lacking"]
            assert get(server.port, "/healthz")[0] == 200
        finally:
            valkey.resume()
        until(lambda: get(server.port, "/readyz")[0] == 200)
    log = server.log.read_text()
    assert re.search("not ready part=.*channel_layer", log)
    assert "ready again" in log
