"""A browser's side of the socket, for tests: sends frames, waits for answers, collects what is pushed."""

import asyncio
import contextlib
import itertools
import os
from typing import Any

import msgspec
from asgiref.sync import sync_to_async
from channels.testing import WebsocketCommunicator

from messaging.consumers import MailboxConsumer
from tests.factories import FakeDevice, make_token

# Nothing here takes one on a machine of its own.
SECONDS = 30
COMMITMENT = bytes(range(32))
refs = itertools.count(1)


class Closed(Exception):
    """The server closed the socket, with this code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Client:
    """One socket. `pushed` holds frames that nobody asked for, in order."""

    def __init__(self, worker=None, headers: list[tuple[bytes, bytes]] | None = None) -> None:
        application = MailboxConsumer.as_asgi(worker=worker)
        self.wire = WebsocketCommunicator(application, "/ws", headers=headers)
        self.incoming: list[dict[str, Any]] = []
        self.pushed: list[dict[str, Any]] = []
        self.device = b""
        self.home = b""

    async def open(self) -> "Client":
        accepted, _ = await self.wire.connect(timeout=SECONDS)
        assert accepted
        return self

    async def close(self) -> None:
        # A wait that was too long has cancelled the application. pytest takes that for the end of everything: no
        # fixture of the test would be put back, and all tests after it would fail.
        with contextlib.suppress(asyncio.CancelledError):
            await self.wire.disconnect(timeout=SECONDS)

    async def send_bytes(self, message: bytes) -> None:
        await self.wire.send_to(bytes_data=message)

    async def send(self, *frames: dict[str, Any]) -> None:
        await self.send_bytes(msgspec.msgpack.encode(list(frames)))

    async def next_frame(self) -> dict[str, Any]:
        """The next frame, whatever it is. Raises Closed."""
        while not self.incoming:
            event = await self.wire.receive_output(timeout=SECONDS)
            if event["type"] == "websocket.close":
                raise Closed(event["code"])
            self.incoming = msgspec.msgpack.decode(event["bytes"])
        return self.incoming.pop(0)

    async def answer(self, ref: int) -> dict[str, Any]:
        """The answer to `ref`; what is pushed meanwhile goes to `pushed`."""
        while True:
            frame = await self.next_frame()
            if frame.get("ref") == ref:
                return frame
            self.pushed.append(frame)

    async def ask(self, type_: str, **fields: Any) -> dict[str, Any]:
        """Send one frame and return its answer."""
        ref = next(refs)
        await self.send({"type": type_, "ref": ref, **fields})
        return await self.answer(ref)

    async def push(self, type_: str) -> dict[str, Any]:
        """The next pushed frame of a type; those before it are dropped."""
        while True:
            frame = self.pushed.pop(0) if self.pushed else await self.next_frame()
            if frame["type"] == type_:
                return frame

    async def nothing_pushed(self) -> bool:
        """True when nothing has come before the answer to a ping."""
        await self.ask("ping")
        return not self.pushed

    async def close_code(self) -> tuple[int, str | None]:
        """Read until the server closes; the close code and the code of `session.ended`."""
        ended = None
        try:
            while True:
                frame = await self.next_frame()
                if frame["type"] == "session.ended":
                    ended = frame["code"]
        except Closed as closed:
            return closed.code, ended

    # --- what browsers do ---------------------------------------------------------------------------------------------

    async def hello(self, token: bytes) -> dict[str, Any]:
        answer = await self.ask("hello", version=1, token=token)
        if answer["type"] == "hello.ok":
            self.device, self.home = answer["device"], answer["device_mailbox"]
        return answer

    async def envelope(self, mailbox: bytes, body: bytes = b"body", **changed: Any) -> dict[str, Any]:
        return await self.ask("envelope.send", **envelope(mailbox, body, **changed))

    async def drain(self, mailbox: bytes, after: int = 0, limit: int = 256, **more: Any) -> list[dict[str, Any]]:
        return (await self.ask("envelope.drain", mailbox=mailbox, after=after, limit=limit, **more))["envelopes"]


def envelope(mailbox: bytes, body: bytes = b"body", **changed: Any) -> dict[str, Any]:
    """Fields of an `envelope.send`."""
    return {
        "mailbox": mailbox,
        "id": os.urandom(16),
        "kind": "application",
        "slot": 0,
        "body": body,
        "commitment": COMMITMENT,
        "expires_in": None,
    } | changed


def commit(mailbox: bytes, slot: int, devices: list[FakeDevice], **changed: Any) -> dict[str, Any]:
    """Fields of a `commit.send` after which `devices` are subscribed."""
    return {
        "mailbox": mailbox,
        "id": os.urandom(16),
        "slot": slot,
        "body": b"commit",
        "members": list({device.account_id: None for device in devices}),
        "subscribers": [device.device_id for device in devices],
        "welcomes": [],
        "group_info": b"group info",
    } | changed


async def connect(device: FakeDevice, worker=None) -> Client:
    """A signed-in socket of a device."""
    client = await Client(worker).open()
    answer = await client.hello(await sync_to_async(make_token)(device))
    assert answer["type"] == "hello.ok", answer
    return client


async def open_archive(client: Client) -> bytes:
    """An empty archive of the account."""
    mailbox = os.urandom(16)
    assert (await client.ask("mailbox.create", mailbox=mailbox, kind="archive"))["type"] == "ok"
    return mailbox


async def open_conversation(creator: Client, devices: list[FakeDevice]) -> bytes:
    """A mailbox in slot 1, made by `creator`, to which `devices` (its own among them) are subscribed."""
    mailbox = os.urandom(16)
    assert (await creator.ask("mailbox.create", mailbox=mailbox, kind="conversation"))["type"] == "ok"
    accepted = await creator.ask("commit.send", **commit(mailbox, 0, devices))
    assert accepted["type"] == "envelope.accepted", accepted
    return mailbox
