"""`/healthz`, `/readyz`, `/metrics`: what machines of operators are told, and strangers are not."""

import asyncio
import json
import re
import threading
import urllib.error
import urllib.request

import pytest
from asgiref.testing import ApplicationCommunicator
from channels.layers import InMemoryChannelLayer
from django.db import OperationalError
from prometheus_client.parser import text_string_to_metric_families

from talk2me import readiness
from talk2me.asgi import application
from talk2me.health import Health
from talk2me.jobs_metrics import serve_metrics

pytestmark = pytest.mark.django_db(transaction=True)
TOKEN = "t" * 32


@pytest.fixture(autouse=True)
def _starting(monkeypatch):
    """Whatever another test has ended in this process, it goes on; nothing that is there takes too long."""
    monkeypatch.setattr(readiness, "PART_SECONDS", 60)
    monkeypatch.setattr(readiness, "_stopping", threading.Event())


async def ask(path, *, app=application, method="GET", token="", host="10.0.0.7"):
    headers = [(b"host", host.encode()), *([(b"authorization", f"Bearer {token}".encode())] if token else [])]
    scope = {"type": "http", "method": method, "path": path, "headers": headers, "query_string": b""}
    asked = ApplicationCommunicator(app, scope)
    await asked.send_input({"type": "http.request"})
    start = await asked.receive_output(30)
    body = await asked.receive_output(30)
    await asked.wait(30)
    return start["status"], {name.decode(): value.decode() for name, value in start["headers"]}, body["body"]


async def ready(app=None, **more):
    status, _, body = await ask("/readyz", app=app or Health(application), **more)
    return status, json.loads(body)


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
async def test_any_check_is_answered_whatever_host_it_names(path):
    for host in ("10.0.0.7", "127.0.0.1:8000", "", "evil.example"):
        status, headers, _ = await ask(path, app=Health(application), host=host)
        assert (status, headers["cache-control"], headers["content-type"]) == (200, "no-store", "application/json")


async def test_head_has_the_headers_and_no_body():
    status, headers, body = await ask("/healthz", method="HEAD")
    assert (status, body) == (200, b"")
    assert int(headers["content-length"]) > 0


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
async def test_another_method_is_no_page(path):
    status, _, _ = await ask(path, method="POST", host="127.0.0.1:8000")
    assert status == 404


async def test_being_alive_needs_no_database(monkeypatch):
    monkeypatch.setattr(readiness.Readiness, "lacking", None)
    assert (await ask("/healthz"))[0] == 200


async def test_it_is_ready_when_everything_is_there():
    assert await ready() == (200, {"ready": True})


def refuse(*_given, **_named):
    raise OperationalError("at 198.51.100.7")


class Layer:
    """A channel layer of another kind, which answers, fails or hangs."""

    def __init__(self, send):
        self.send = send


async def hang(*_given):
    await asyncio.Event().wait()


async def fail(*_given):
    raise ConnectionError("198.51.100.7")


@pytest.fixture
def without(monkeypatch):
    """Takes a part away."""

    def take(part):
        # Nothing that is there takes so long, on however slow a machine.
        monkeypatch.setattr(readiness, "PART_SECONDS", 0.2 if part == "hanging layer" else 60)
        if part == "database":
            monkeypatch.setattr(
                readiness, "connection", type("C", (), {"cursor": refuse, "close": lambda _self: None})()
            )
            monkeypatch.setattr(readiness.MigrationExecutor, "__init__", refuse)
        elif part == "migrations":
            monkeypatch.setattr(readiness.MigrationExecutor, "migration_plan", lambda *_given: ["one"])
        elif part == "stopping":
            readiness.begin_stopping()
        else:
            monkeypatch.setattr(
                readiness, "get_channel_layer", lambda: Layer(fail if part == "channel_layer" else hang)
            )

    return take


@pytest.mark.parametrize("part", ["database", "migrations", "channel_layer", "stopping"])
async def test_what_is_missing_is_told_to_operators_alone(part, without, settings):
    settings.METRICS_TOKEN = TOKEN
    without(part)
    assert await ready() == (503, {"ready": False})
    assert await ready(token="wrong") == (503, {"ready": False})
    assert await ready(token=TOKEN) == (503, {"ready": False, "lacking": [part]})


async def test_a_channel_layer_that_hangs_is_not_waited_for(without):
    without("hanging layer")
    assert await ready() == (503, {"ready": False})


async def test_a_database_that_hangs_is_not_waited_for_and_not_asked_again_meanwhile(monkeypatch, settings):
    settings.METRICS_TOKEN = TOKEN
    release, asked = threading.Event(), []

    def hang_in_thread(_self):
        asked.append(1)
        release.wait(60)

    monkeypatch.setattr(readiness.Readiness, "_ask_database", hang_in_thread)
    monkeypatch.setattr(readiness, "PART_SECONDS", 0.2)
    monkeypatch.setattr(readiness, "CACHED_SECONDS", 0.0)
    app = Health(application)
    for _ in range(3):
        assert await ready(app, token=TOKEN) == (503, {"ready": False, "lacking": ["database"]})
    assert len(asked) == 1
    monkeypatch.undo()
    release.set()
    async with asyncio.timeout(60):
        while (await ready(app))[0] != 200:  # noqa: ASYNC110 - what it waits for is the answer
            await asyncio.sleep(0.01)


async def test_asking_often_does_not_load_the_server(monkeypatch):
    asked = []
    real = readiness.Readiness._ask_database  # noqa: SLF001 - counts what reaches the database

    def count(self):
        asked.append(1)
        return real(self)

    monkeypatch.setattr(readiness.Readiness, "_ask_database", count)
    monkeypatch.setattr(readiness, "CACHED_SECONDS", 3600)
    app = Health(application)
    answers = await asyncio.gather(*(ready(app) for _ in range(50)))
    answers += [await ready(app) for _ in range(50)]
    assert {status for status, _ in answers} == {200}
    assert len(asked) == 1


async def test_it_is_ready_again_when_what_was_missing_is_back(without, monkeypatch):
    monkeypatch.setattr(readiness, "CACHED_SECONDS", 0.0)
    app = Health(application)
    without("channel_layer")
    assert (await ready(app))[0] == 503
    monkeypatch.setattr(readiness, "get_channel_layer", InMemoryChannelLayer)
    assert (await ready(app))[0] == 200


async def test_without_a_token_set_there_are_no_metrics(settings):
    settings.METRICS_TOKEN = ""
    for token in ("", "x", TOKEN):
        status, _, body = await ask("/metrics", token=token)
        assert (status, json.loads(body)) == (404, {"error": "not_found"})


async def test_metrics_are_for_who_has_the_token(settings):
    settings.METRICS_TOKEN = TOKEN
    for token in ("", "x", TOKEN[:-1], TOKEN + "t", "é"):
        assert (await ask("/metrics", token=token))[0] == 401
    status, headers, body = await ask("/metrics", token=TOKEN)
    assert (status, headers["cache-control"]) == (200, "no-store")
    assert headers["content-type"].startswith("text/plain; version=")
    names = {family.name for family in text_string_to_metric_families(body.decode())}
    assert {"talk2me_sockets", "talk2me_envelopes_accepted", "process_resident_memory_bytes"} <= names


async def test_answers_are_counted_by_their_class(settings):
    settings.METRICS_TOKEN = TOKEN

    async def count():
        text = (await ask("/metrics", token=TOKEN))[2].decode()
        return [
            float(re.search(rf"^{re.escape(series)} (.+)$", text, re.MULTILINE)[1])
            for series in ('talk2me_http_requests_total{status="4xx"}', 'talk2me_errors_total{code="not_found"}')
        ]

    before = await count()
    await ask("/nowhere", host="127.0.0.1:8000")
    assert await count() == [number + 1 for number in before]


def fetch(port, path, token=""):
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Authorization": f"Bearer {token}"})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def test_the_process_of_the_jobs_answers_for_itself(settings):
    settings.METRICS_TOKEN = TOKEN
    server = serve_metrics("127.0.0.1:0")
    try:
        assert fetch(server.server_port, "/metrics") == (401, b'{"error": "unauthenticated"}')
        assert fetch(server.server_port, "/", TOKEN)[0] == 404
        status, body = fetch(server.server_port, "/metrics", TOKEN)
        assert status == 200
        assert b"talk2me_job_runs_total" in body
    finally:
        server.shutdown()
        server.server_close()
    assert serve_metrics("") is None
