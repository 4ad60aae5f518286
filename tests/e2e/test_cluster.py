"""`make cluster`: everything behind TLS, several workers, nothing left behind."""

import contextlib
import http.client
import os
import re
import signal
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import brotli
import pytest
from playwright.sync_api import expect

from cluster.ports import free_port, is_free
from tests.cluster.processes import descendants, until, until_gone
from tests.e2e.person import Person
from tests.e2e.running_server import NO_LIMITS, ROOT

METRICS_TOKEN = "for the tests of the cluster alone 1"


class RunningCluster:
    """`python -m cluster` as `make cluster` starts it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "cluster"
        self.port = free_port()
        self.origin = f"https://localhost:{self.port}"
        self.output = folder / "output.log"
        self.environment = os.environ | NO_LIMITS | {
            "DATA_DIR": str(folder), "CLUSTER_PORT": str(self.port), "WORKERS": "2", "ASGI_SERVER": "uvicorn",
            "METRICS_TOKEN": METRICS_TOKEN,
            "DJANGO_SETTINGS_MODULE": "talk2me.settings",
        }  # fmt: skip

    def start(self) -> None:
        command = [sys.executable, "-m", "cluster"]
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=output, stderr=subprocess.STDOUT
            )
        until(lambda: self.process.poll() is not None or " is at " in self.output.read_text(), 120)
        assert self.process.poll() is None, self.output.read_text()

    def workers(self) -> dict[int, int]:
        """The port of each worker by its number as a process."""
        found = {}
        for pid, command in descendants(self.process.pid).items():
            if "talk2me.server" in command:
                found[pid] = int(command.split("--port")[1].split()[0])
        return found

    def interrupt(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(60)

    def sockets(self, port: int) -> int:
        """How many sockets are open at a worker."""
        text = self.get("/metrics", port, Authorization=f"Bearer {METRICS_TOKEN}").content.decode()
        return int(float(re.search(r"^talk2me_sockets (\S+)", text, re.MULTILINE)[1]))

    def get(self, path: str, port: int | None = None, **more: str) -> http.client.HTTPResponse:
        """Ask Caddy, whose certificate is checked, or a worker at its own port."""
        if port is None:
            trust = ssl.create_default_context(cafile=self.folder / "caddy/storage/pki/authorities/local/root.crt")
            connection = http.client.HTTPSConnection("localhost", self.port, context=trust, timeout=30)
        else:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("GET", path, headers={"Accept-Encoding": "br", "Host": f"localhost:{self.port}"} | more)
        answer = connection.getresponse()
        answer.content = answer.read()
        connection.close()
        return answer


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCluster]:
    cluster = RunningCluster(tmp_path_factory.mktemp("data"))
    cluster.start()
    yield cluster
    if cluster.process.poll() is None:
        cluster.interrupt()


@pytest.fixture
def server(running: RunningCluster) -> RunningCluster:
    """What browser profiles open by default."""
    return running


def headers_of(answer: http.client.HTTPResponse) -> dict[str, str]:
    """Everything but what differs from one answer to the next, in one spelling."""
    own = {"date", "etag", "last-modified", "accept-ranges", "content-length", "transfer-encoding", "connection"}
    return {name.lower(): value.replace('"', "") for name, value in answer.getheaders() if name.lower() not in own}


@pytest.mark.parametrize("kind", ["js", "css", "svg", "page"])
def test_what_caddy_answers_is_what_a_worker_answers(running: RunningCluster, kind: str) -> None:
    page = running.get("/").content
    port = next(iter(running.workers().values()))
    text = brotli.decompress(page).decode()
    path = "/" if kind == "page" else re.search(rf'/static/[\w/.]+\.{kind}(?=")', text)[0]
    through_caddy, direct = running.get(path), running.get(path, port)
    assert (through_caddy.status, direct.status) == (200, 200)
    assert through_caddy.content == direct.content
    assert headers_of(through_caddy) == headers_of(direct)


def test_what_is_for_the_operator_alone_is_not_passed_on(running: RunningCluster) -> None:
    assert running.get("/metrics").status == 404
    for path in ("/static/../postgresql/password", "/static/%2e%2e/valkey/valkey.conf", "/logs/jobs.log"):
        assert running.get(path).status == 404


def test_behind_caddy_everything_is_as_released(running: RunningCluster) -> None:
    listed = subprocess.run([sys.executable, "manage.py", "manifest"], cwd=ROOT, env=running.environment, capture_output=True, check=True)  # fmt: skip # noqa: E501
    trust = running.folder / "caddy/storage/pki/authorities/local/root.crt"
    command = [sys.executable, "scripts/verify_host.py", running.origin, "--manifest", "-", "--ca", str(trust)]
    looked = subprocess.run(command, cwd=ROOT, input=listed.stdout, capture_output=True, check=False)
    assert looked.returncode == 0, looked.stdout.decode()


def test_people_talk_while_workers_are_restarted_and_after_everything_was(
    running: RunningCluster, new_profile: callable
) -> None:
    alice, bob = [Person(name, new_profile(ignore_https_errors=True)).sign_up() for name in ("alice", "bob")]
    bob.accept_invitation(alice.make_invitation())
    alice.open_conversation("bob")
    say(bob, alice, "Through TLS")

    for number, pid in enumerate(running.workers()):
        os.kill(pid, signal.SIGTERM)
        say(alice, bob, f"One worker less {number}")
        until(lambda gone=pid: len(running.workers()) == 2 and gone not in running.workers(), 60)
        until(lambda: all(map(answers, [running] * 2, running.workers().values())), 60)
        come_apart(running, alice)
        say(bob, alice, f"Again two workers {number}")

    everything = descendants(running.process.pid)
    assert len(everything) > 6
    assert running.interrupt() == 0
    until_gone(list(everything))
    assert is_free(running.port)

    running.start()
    alice.page.reload()
    alice.open_conversation("bob")
    alice.sees("Through TLS")
    say(bob, alice, "After a night")

    everything = descendants(running.process.pid)
    running.process.kill()
    running.process.wait()
    until_gone(list(everything))
    # Nobody was there for a while, which browsers note; and from a certificate that only the test passes over they take
    # no service worker.
    unreached = (
        "error: WebSocket connection to",
        "error: Failed to load resource",
        "error: An SSL certificate error occurred when fetching the script",
    )
    errors = [line for line in alice.said + bob.said if line.startswith("error")]
    assert [line for line in errors if not line.startswith(unreached)] == []


def say(one: Person, other: Person, text: str) -> None:
    """Send, and see that it arrived and was confirmed."""
    sent = one.send(text)
    other.sees(text)
    expect(sent).to_have_attribute("data-status", "delivered", timeout=60_000)


def come_apart(running: RunningCluster, one: Person) -> None:
    """Let one of two people come in anew until each is on a worker of their own, as the less busy one is chosen."""

    def apart() -> bool:
        return [running.sockets(port) for port in running.workers().values()] == [1, 1]

    for _ in range(15):
        one.page.reload()
        one.open_conversation("bob")
        with contextlib.suppress(AssertionError):
            return until(apart, 4)
    raise AssertionError("they are always on one worker")


def answers(running: RunningCluster, port: int) -> bool:
    try:
        return running.get("/api/server", port).status == 200
    except OSError:
        return False
