"""An update that nobody notices: workers of the release before go on while its database becomes that of this one."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cluster.ports import free_port
from cluster.process import ROOT
from cluster.valkey import Valkey
from cluster.worker import Worker
from keys import base64url
from tests.cluster.older_release import NoHistory, older_commit, unpack
from tests.consumers.socket_client import commit, envelope
from tests.factories import FakeDevice, make_key_package
from tests.faults.site import ORIGIN, settings
from tests.interop.api_peer import ApiPeer
from tests.release_before import LAST_MIGRATIONS

SUITE = 1


@pytest.fixture(scope="module")
def older(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the code of the release before."""
    folder = tmp_path_factory.mktemp("older")
    try:
        unpack(older_commit(), folder)
    except NoHistory as why:
        pytest.skip(str(why))
    return folder


@pytest.fixture
def environment(database_url: str, valkey: Valkey, tmp_path: Path) -> dict[str, str]:
    """Those of a server with several workers, open to everybody."""
    return settings(
        database_url, tmp_path, REDIS_URL=valkey.url, REGISTRATION="open", REGISTRATION_WORK="0", RATE_ACCOUNTS=""
    )


@pytest.fixture
def workers(environment: dict[str, str], older: Path) -> Iterator[tuple[Worker, Worker]]:
    """One of the release before and one of this, neither started."""
    pair = Worker(environment, free_port()), Worker(environment, free_port())
    pair[0].folder = older
    yield pair
    for worker in pair:
        worker.stop()


def migrate(folder: Path, environment: dict[str, str]) -> None:
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(command, cwd=folder, env=environment, check=True, timeout=120)


def person(name: str, worker: Worker) -> ApiPeer:
    """Somebody new, signed in at a worker, whom others may add."""
    peer = ApiPeer(ORIGIN, name, FakeDevice(os.urandom(16)), worker.origin)
    peer.sign_up()
    peer.sign_in()
    peer.publish(SUITE, [make_key_package(peer.device, SUITE) for _ in range(3)])
    peer.call("PUT", "settings", {"open_to_strangers": True})
    return peer


def move(peer: ApiPeer, worker: Worker) -> None:
    """Come back at another worker, as a browser does whose own has ended."""
    peer.socket.close()
    peer.worker = worker.origin
    peer.sign_in()


def begin(one: ApiPeer, other: ApiPeer) -> bytes:
    """Make a conversation with somebody; its mailbox, in slot 1."""
    wanted = {"account": base64url.encode(other.device.account_id), "suite": SUITE}
    assert len(one.call("POST", "key_packages/claim", wanted)["devices"]) == 1
    mailbox = os.urandom(16)
    one.ask("mailbox.create", mailbox=mailbox, kind="conversation")
    welcomes = [{"device": other.device.device_id, "id": os.urandom(16), "body": b"welcome"}]
    one.ask("commit.send", **commit(mailbox, 0, [one.device, other.device], welcomes=welcomes))
    return mailbox


def write(sender: ApiPeer, reader: ApiPeer, mailbox: bytes, body: bytes) -> None:
    """Send; the reader finds it as the newest, and acknowledges it."""
    sequence = sender.ask("envelope.send", **envelope(mailbox, body, slot=1))["sequence"]
    assert [one["body"] for one in reader.wait_for(mailbox, sequence - 1)] == [body]
    reader.ask("envelope.acknowledge", mailbox=mailbox, sequence=sequence)


def test_workers_of_the_release_before_go_on_while_the_database_becomes_newer(
    older: Path, workers: tuple[Worker, Worker], environment: dict[str, str]
) -> None:
    before, now = workers
    for app, name in LAST_MIGRATIONS.items():
        assert max(path.stem for path in (older / app / "migrations").glob("[0-9]*.py")) == name
    migrate(older, environment)
    before.start()
    alice, bob = person("alice", before), person("bob", before)
    mailbox = begin(alice, bob)
    write(alice, bob, mailbox, b"before")

    # With its connections open and its statements prepared.
    migrate(ROOT, environment)
    write(bob, alice, mailbox, b"the sockets of before go on")
    carol = person("carol", before)
    write(carol, alice, begin(carol, alice), b"and who signs up there now")

    # One worker after the other: for a while there are both.
    now.start()
    dave = person("dave", now)
    write(dave, bob, begin(dave, bob), b"from the new one to the old one")
    move(bob, now)
    write(alice, bob, mailbox, b"from the old one to the new one")
    write(bob, alice, mailbox, b"and back")
    before.stop()
    move(alice, now)
    write(alice, bob, mailbox, b"after")
    for peer in (alice, bob, carol, dave):
        peer.socket.close()
    for worker in workers:
        assert "Traceback" not in worker.end_of_log(100_000)
