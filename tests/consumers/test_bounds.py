"""What one peer can make the server hold: over the network, on the server that people run."""
# ruff: noqa: F811 - fixtures of another file

import asyncio
import os
import socket
from pathlib import Path

import pytest
from websockets.exceptions import InvalidStatus

from tests.consumers.socket_client import envelope
from tests.consumers.test_real_server import people, reach, server, sign_in  # noqa: F401 - fixtures

MIB = 1024 * 1024
ASKED = 100


def server_memory(server) -> int:
    """MiB that the process which serves holds."""
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            words = (status.parent / "cmdline").read_bytes().split(b"\0")
            if b"talk2me.server" in words and str(server.port).encode() in words:
                line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
                return int(line.split()[1]) // 1024
        except OSError:
            continue
    raise AssertionError("no server")


async def start_conversation(one) -> bytes:
    """A mailbox whose only envelope has 1 MiB."""
    mailbox = os.urandom(16)
    commit = {"mailbox": mailbox, "id": os.urandom(16), "slot": 0, "body": bytes(MIB), "welcomes": []}
    commit |= {"members": [one.account], "subscribers": [one.device], "group_info": b"g"}
    await one.send({"type": "mailbox.create", "ref": 1, "mailbox": mailbox, "kind": "conversation"})
    await one.send({"type": "commit.send", "ref": 2, **commit})
    await one.until("envelope.accepted")
    return mailbox


async def test_who_asks_and_does_not_read_fills_no_memory_and_loses_nothing(server, people):
    one = await sign_in(server, people[0])
    mailbox = await start_conversation(one)
    before = server_memory(server)
    one.wire.transport.pause_reading()
    drain = {"type": "envelope.drain", "mailbox": mailbox, "after": 0, "limit": 1}
    for half in (0, ASKED // 2):
        await one.send(*({**drain, "ref": half + number} for number in range(ASKED // 2)))
    await asyncio.sleep(3)
    assert server_memory(server) - before < 40
    one.wire.transport.resume_reading()
    assert [(await one.until("envelope.batch"))["ref"] for _ in range(ASKED)] == list(range(ASKED))
    await one.wire.close()


async def test_who_sends_faster_than_it_reads_is_not_heard_on(server, people):
    one = await sign_in(server, people[0])
    mailbox = await start_conversation(one)
    before = server_memory(server)
    one.wire.transport.pause_reading()
    await one.send(*({"type": "envelope.drain", "ref": 1, "mailbox": mailbox, "after": 0, "limit": 1},) * 60)

    async def send_for_ever() -> None:
        while True:
            await one.send({"type": "envelope.send", "ref": 2, **envelope(mailbox, bytes(MIB // 4), slot=1)})

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(4):
            await send_for_ever()
    assert server_memory(server) - before < 40
    one.wire.transport.abort()


@pytest.mark.parametrize("head", [b"Content-Length: 100000000", b"Transfer-Encoding: chunked"])
def test_a_large_body_is_refused_before_it_has_come(server, head):
    piece = bytes(MIB) if b"Length" in head else b"%x\r\n%s\r\n" % (MIB, bytes(MIB))
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as wire:
        wire.sendall(
            b"POST /api/accounts HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n%s\r\n\r\n" % head
        )
        with pytest.raises(OSError, match=r"reset|pipe"):
            wire.sendall(piece * 100)


def test_it_is_said_that_a_body_is_too_large(server):
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as wire:
        wire.sendall(b"POST /api/accounts HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100000000\r\n\r\n")
        answer = wire.recv(1000)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert answer.endswith(b'{"error": "too_large"}')


async def test_a_socket_at_another_path_is_refused_and_no_failure_of_ours(server):
    with pytest.raises(InvalidStatus, match="403"):
        await reach(server, path="/elsewhere")
    assert "elsewhere" not in server.log.read_text()
