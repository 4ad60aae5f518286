"""Ours (docs/wire_format.md 3): `envelope.send`, `envelope.accepted`, `envelope.new`, `envelope.acknowledge`.

An envelope's id is its number and its recipient. Both devices of a conversation get the envelope, and both acknowledge.
"""

import asyncio
import os
from functools import partial
from typing import Any

import msgspec

from benchmarks.client.plan import Plan
from benchmarks.client.web_socket import WebSocket, connect, framed
from benchmarks.wires.wire import BODY, Noted, Wire

ACKNOWLEDGEMENTS_A_MESSAGE = 64


class Envelope(msgspec.Struct):
    id: bytes
    sequence: int


class Accepted(msgspec.Struct, tag="envelope.accepted"):
    ref: int


class New(msgspec.Struct, tag="envelope.new"):
    mailbox: bytes
    head: int
    envelopes: list[Envelope]


class Batch(msgspec.Struct, tag="envelope.batch"):
    mailbox: bytes
    envelopes: list[Envelope]


class Ok(msgspec.Struct, tag="ok"):
    pass


class HelloOk(msgspec.Struct, tag="hello.ok"):
    pass


class Error(msgspec.Struct, tag="error"):
    code: str


class SessionEnded(msgspec.Struct, tag="session.ended"):
    code: str


class Acknowledge(msgspec.Struct, tag="envelope.acknowledge"):
    mailbox: bytes
    sequence: int
    ref: int = 0


decode = msgspec.msgpack.Decoder(list[Accepted | New | Batch | Ok | HelloOk | Error | SessionEnded]).decode
encode = msgspec.msgpack.encode


class OursWire(Wire):
    """MessagePack; what is sent is a frame made once, with its three fields put in."""

    def __init__(self, plan: Plan, on_stored: Noted, on_received: Noted) -> None:
        super().__init__(plan, on_stored, on_received)
        self.tokens = [bytes.fromhex(token) for token in plan.prepared["tokens"]]
        self.mailboxes: dict[tuple[int, int], bytes] = {}
        for one, other, id_ in plan.prepared["mailboxes"]:
            self.mailboxes[one, other] = self.mailboxes[other, one] = bytes.fromhex(id_)
        self.sockets: dict[int, WebSocket] = {}
        self.greeted: dict[int, asyncio.Future[None]] = {}
        self.parts = _send_frame_parts()

    async def open_one(self, number: int) -> None:
        """Connect and say hello."""
        self.greeted[number] = asyncio.get_running_loop().create_future()
        self.sockets[number] = await connect(self.port(number), "/ws", partial(self.received, number))
        self.ask(number, {"type": "hello", "ref": 0, "version": 1, "token": self.tokens[number]})
        await self.greeted[number]

    def ask(self, socket: int, *frames: Any) -> None:
        """Send frames."""
        self.sockets[socket].transport.write(framed(encode(frames)))

    def send(self, sender: int, recipient: int, number: int) -> None:
        """Send one envelope."""
        before, after_ref, after_mailbox, after_id = self.parts
        id_ = number.to_bytes(8, "big") + recipient.to_bytes(8, "big")
        ref, mailbox = number.to_bytes(4, "big"), self.mailboxes[sender, recipient]
        frame = b"".join((before, ref, after_ref, mailbox, after_mailbox, id_, after_id))
        self.sockets[sender].transport.write(frame)

    def received(self, socket: int, message: memoryview) -> None:
        """Note what came."""
        for frame in decode(message):
            kind = type(frame)
            if kind is Accepted:
                self.on_stored(frame.ref)
            elif kind is New:
                self.note(socket, frame.mailbox, frame.head)
                for envelope in frame.envelopes:
                    if int.from_bytes(envelope.id[8:], "big") == socket:
                        self.on_received(int.from_bytes(envelope.id[:8], "big"))
            elif kind is Batch:
                self.drained(socket, frame)
            elif kind is HelloOk:
                self.greeted[socket].set_result(None)
            elif kind is not Ok:
                raise ConnectionError(str(frame))

    def drained(self, socket: int, batch: Batch) -> None:
        """Take a batch that was asked for."""
        raise NotImplementedError

    def acknowledge(self, socket: int, cursors: dict[bytes, int]) -> None:
        """Acknowledge the newest envelope of each mailbox."""
        frames = [Acknowledge(mailbox, head) for mailbox, head in cursors.items()]
        for at in range(0, len(frames), ACKNOWLEDGEMENTS_A_MESSAGE):
            self.ask(socket, *frames[at : at + ACKNOWLEDGEMENTS_A_MESSAGE])


def _send_frame_parts() -> list[bytes]:
    """Return the four parts of the frame of an envelope around its ref (4 bytes), mailbox and id (16 bytes each)."""
    ref, mailbox, id_ = b"\xff\xfe\xfd\xfc", os.urandom(16), os.urandom(16)
    frame = {
        "type": "envelope.send",
        "ref": int.from_bytes(ref, "big"),
        "mailbox": mailbox,
        "id": id_,
        "kind": "application",
        "slot": 0,
        "body": os.urandom(BODY),
        "commitment": bytes(32),
        "expires_in": None,
    }
    before, rest = framed(encode([frame])).split(ref, 1)
    after_ref, rest = rest.split(mailbox, 1)
    after_mailbox, after_id = rest.split(id_, 1)
    return [before, after_ref, after_mailbox, after_id]
