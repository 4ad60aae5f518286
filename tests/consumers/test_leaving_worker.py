"""SIGTERM in the middle of work, on real processes: what was accepted is there, and the worker ends by itself."""

import asyncio
import os
import signal
import subprocess
import sys

import msgspec
import pytest
from websockets.exceptions import ConnectionClosed

from tests.consumers.socket_client import envelope
from tests.consumers.test_real_server import Remote, people, reach, server, sign_in  # noqa: F401 - fixtures
from tests.e2e.running_server import ROOT

# ruff: noqa: F811 - fixtures of another file


class Sender:
    """Sends without waiting, and notes what is accepted."""

    def __init__(self, remote, mailbox: bytes) -> None:
        self.remote, self.mailbox = remote, mailbox
        self.sent: list[bytes] = []
        self.accepted: dict[bytes, int] = {}
        self.ended: list[str] = []
        self.closed_with: int | None = None
        self.well_under_way = asyncio.Event()

    async def send(self) -> None:
        try:
            while True:
                fields = envelope(self.mailbox, os.urandom(1024), slot=1)
                self.sent.append(fields["id"])
                await self.remote.send({"type": "envelope.send", "ref": len(self.sent), **fields})
                # No more than the worker answers in the time that it has: a disk here may be slow.
                await asyncio.sleep(0 if len(self.sent) - len(self.accepted) < 32 else 0.005)
        except ConnectionClosed:
            pass

    async def read(self) -> None:
        try:
            while True:
                for frame in msgspec.msgpack.decode(await self.remote.wire.recv()):
                    assert not self.ended
                    if frame["type"] == "envelope.accepted":
                        self.accepted[frame["id"]] = frame["sequence"]
                        if len(self.accepted) == 50:
                            self.well_under_way.set()
                    elif frame["type"] == "envelope.new" and frame["envelopes"]:
                        seen = {"mailbox": self.mailbox, "sequence": frame["head"], "ref": 0}
                        await self.remote.send({"type": "envelope.acknowledge", **seen})
                    elif frame["type"] == "session.ended":
                        self.ended.append(frame["code"])
        except ConnectionClosed as closed:
            self.closed_with = closed.rcvd and closed.rcvd.code


@pytest.fixture
def worker(server):
    """The bare worker on the data of `server`, which has stopped."""
    server.stop()
    command = [sys.executable, "-m", "talk2me.server", "--port", str(server.port)]
    process = subprocess.Popen(command, cwd=ROOT, env=server.environment, stderr=server.log.open("ab"))
    yield process
    process.kill()
    process.wait()


async def until_it_answers(server) -> None:
    async with asyncio.timeout(60):
        while True:
            try:
                await (await reach(server)).close()
            except OSError:
                await asyncio.sleep(0.1)
            else:
                return


async def test_a_worker_that_is_told_to_end_under_load_loses_nothing_it_accepted(people, worker, server):
    await until_it_answers(server)
    one, other = [await sign_in(server, person) for person in people]
    mailbox = os.urandom(16)
    commit = {"mailbox": mailbox, "id": os.urandom(16), "slot": 0, "body": b"c", "welcomes": [], "group_info": b"g"}
    commit |= {"members": [one.account, other.account], "subscribers": [one.device, other.device]}
    await one.send(
        {"type": "mailbox.create", "ref": 1, "mailbox": mailbox, "kind": "conversation"},
        {"type": "commit.send", "ref": 2, **commit},
    )
    await one.until("envelope.accepted")
    senders = [Sender(one, mailbox), Sender(other, mailbox)]
    work = [asyncio.ensure_future(step) for sender in senders for step in (sender.send(), sender.read())]
    async with asyncio.timeout(60):
        await asyncio.gather(*(sender.well_under_way.wait() for sender in senders))

    worker.send_signal(signal.SIGTERM)
    async with asyncio.timeout(30):
        await asyncio.gather(*work)
    assert await asyncio.to_thread(worker.wait, 20) == 0
    assert [(sender.ended, sender.closed_with) for sender in senders] == [(["going_away"], 4503)] * 2
    assert "Traceback" not in server.log.read_text()

    server.start()
    again = await sign_in(server, people[0])
    stored: dict[bytes, int] = {}
    head = 1
    while True:
        await again.send({"type": "envelope.drain", "ref": 0, "mailbox": mailbox, "after": head, "limit": 256})
        rows = (await again.until("envelope.batch"))["envelopes"]
        stored |= {row["id"]: row["sequence"] for row in rows}
        if not rows:
            break
        head = rows[-1]["sequence"]
    accepted = senders[0].accepted | senders[1].accepted
    assert {id_: stored.get(id_) for id_ in accepted} == accepted
    # And nothing was stored without its sender being told so.
    assert stored == accepted
    await again.wire.close()


async def test_idle_and_strange_connections_do_not_keep_a_worker(people, worker, server):
    await until_it_answers(server)
    silent = await asyncio.open_connection("127.0.0.1", server.port)
    half = await asyncio.open_connection("127.0.0.1", server.port)
    half[1].write(b"POST /api/accounts HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\n{")
    unknown = await reach(server)
    unread = await sign_in(server, people[0])
    unread.wire.transport.pause_reading()
    worker.send_signal(signal.SIGTERM)
    assert await asyncio.to_thread(worker.wait, 20) == 0
    for _, writer in (silent, half):
        writer.close()
    assert await Remote(unknown, "", "", "").close_code() == 4503
    unread.wire.transport.abort()
