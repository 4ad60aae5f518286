"""A few of the promises again, over the network and the server that people run."""

import asyncio
import json
import os
from typing import Any

import msgspec
import pytest
from websockets.asyncio.client import ClientConnection
from websockets.asyncio.client import connect as open_socket
from websockets.exceptions import ConnectionClosed

from talk2me.server import SERVERS
from tests.consumers.socket_client import envelope
from tests.e2e.running_server import RunningServer

MAKE_PEOPLE = """
import asyncio
import json
from tests.factories import make_account, make_token
people = [make_account().device for _ in range(2)]
print(json.dumps([[p.account_id.hex(), p.device_id.hex(), make_token(p).hex()] for p in people]))
"""


class Remote:
    """One socket over the network."""

    def __init__(self, wire: ClientConnection, account: str, device: str, token: str) -> None:
        self.wire = wire
        self.account, self.device, self.token = bytes.fromhex(account), bytes.fromhex(device), bytes.fromhex(token)
        self.incoming: list[dict[str, Any]] = []

    async def send(self, *frames: dict[str, Any]) -> None:
        await self.wire.send(msgspec.msgpack.encode(list(frames)))

    async def until(self, type_: str) -> dict[str, Any]:
        while True:
            while self.incoming:
                frame = self.incoming.pop(0)
                if frame["type"] == type_:
                    return frame
            self.incoming = msgspec.msgpack.decode(await self.wire.recv())

    async def bodies(self, count: int) -> list[int]:
        """The first bytes of so many application messages that were pushed."""
        got: list[int] = []
        while len(got) < count:
            rows = (await self.until("envelope.new"))["envelopes"]
            got += [row["body"][0] for row in rows if row["kind"] == "application"]
        return got

    async def close_code(self) -> int | None:
        try:
            while True:
                await self.wire.recv()
        except ConnectionClosed as closed:
            return closed.rcvd and closed.rcvd.code


@pytest.fixture(params=SERVERS)
def server(request, tmp_path):
    with RunningServer(tmp_path / "data", ASGI_SERVER=request.param) as running:
        yield running


@pytest.fixture
def people(server) -> list[list[str]]:
    return json.loads(server.manage("shell", "--no-imports", "-c", MAKE_PEOPLE).strip().splitlines()[-1])


def reach(server: RunningServer, path: str = "/ws", **options: Any) -> open_socket:
    """A socket, not connected yet; compression would only hide sizes."""
    return open_socket(server.origin.replace("http", "ws") + path, compression=None, max_size=None, **options)


async def sign_in(server: RunningServer, person: list[str]) -> Remote:
    remote = Remote(await reach(server, origin=server.origin), *person)
    await remote.send({"type": "hello", "ref": 0, "version": 1, "token": remote.token})
    await remote.until("hello.ok")
    return remote


async def test_two_people_exchange_envelopes_and_a_restart_loses_none(server, people):
    one, other = [await sign_in(server, person) for person in people]
    mailbox = os.urandom(16)
    commit = {"mailbox": mailbox, "id": os.urandom(16), "slot": 0, "body": b"c", "welcomes": [], "group_info": b"g"}
    commit |= {"members": [one.account, other.account], "subscribers": [one.device, other.device]}
    await one.send(
        {"type": "mailbox.create", "ref": 1, "mailbox": mailbox, "kind": "conversation"},
        {"type": "commit.send", "ref": 2, **commit},
    )
    assert (await one.until("envelope.accepted"))["slot"] == 1
    for number in range(200):
        await one.send({"type": "envelope.send", "ref": number, **envelope(mailbox, bytes([number]) * 1024, slot=1)})
    assert await other.bodies(200) == await one.bodies(200) == list(range(200))

    await asyncio.to_thread(server.stop)
    assert {await one.close_code(), await other.close_code()} == {4503}
    server.start()
    again = await sign_in(server, people[1])
    await again.send({"type": "envelope.drain", "ref": 1, "mailbox": mailbox, "after": 0, "limit": 256})
    batch = await again.until("envelope.batch")
    assert [row["body"][0] for row in batch["envelopes"]] == list(range(200))
    await again.wire.close()


async def test_what_is_wrong_closes_with_its_code(server, people):
    async with reach(server, origin="https://elsewhere.example") as wire:
        assert await Remote(wire, *people[0]).close_code() == 4403
    async with reach(server) as wire:
        await wire.send("text")
        assert await Remote(wire, *people[0]).close_code() == 4400
    async with reach(server) as wire:
        await wire.send(bytes(1600 * 1024))
        assert await Remote(wire, *people[0]).close_code() == 4400
    async with reach(server) as wire:
        stranger = Remote(wire, *people[0][:2], os.urandom(32).hex())
        await stranger.send({"type": "hello", "ref": 0, "version": 1, "token": stranger.token})
        assert await stranger.close_code() == 4401


async def test_the_largest_envelopes_fit_through_the_server(server, people):
    one = await sign_in(server, people[0])
    mailbox = os.urandom(16)
    commit = {"mailbox": mailbox, "id": os.urandom(16), "slot": 0, "body": bytes(1024 * 1024), "welcomes": []}
    commit |= {"members": [one.account], "subscribers": [one.device], "group_info": bytes(400 * 1024)}
    await one.send({"type": "mailbox.create", "ref": 1, "mailbox": mailbox, "kind": "conversation"})
    await one.send({"type": "commit.send", "ref": 2, **commit})
    assert (await one.until("envelope.accepted"))["slot"] == 1
    await one.send({"type": "envelope.drain", "ref": 3, "mailbox": mailbox, "after": 0, "limit": 1})
    assert len((await one.until("envelope.batch"))["envelopes"][0]["body"]) == 1024 * 1024
    await one.wire.close()
