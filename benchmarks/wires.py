"""How the two servers are spoken to: ours in MessagePack frames, the tutorial's in JSON."""

import asyncio
import json
import os
from collections.abc import Callable
from functools import partial
from typing import Any

import msgspec

from benchmarks.web_socket import TEXT, WebSocket, connect

BODY = 1024
ACKNOWLEDGE_SECONDS = 0.1
Noted = Callable[[int], None]


class AcknowledgingWire:
    """Acknowledges as a browser does: not each envelope, but all that one piece of work has stored."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.sockets: list[WebSocket] = []
        self.cursors: dict[int, dict[Any, int]] = {}

    def note(self, socket: int, place: Any, number: int) -> None:
        """Acknowledge `number` soon."""
        if socket not in self.cursors:
            self.cursors[socket] = {}
            asyncio.get_running_loop().call_later(ACKNOWLEDGE_SECONDS, self.flush, socket)
        self.cursors[socket][place] = number

    def flush(self, socket: int) -> None:
        """Acknowledge what was noted."""
        self.acknowledge(socket, self.cursors.pop(socket))

    def acknowledge(self, socket: int, cursors: dict[Any, int]) -> None:
        """Send acknowledgements."""
        raise NotImplementedError


class OurWire(AcknowledgingWire):
    """`envelope.send`, `envelope.accepted`, `envelope.new`, `envelope.acknowledge`. An envelope's id is its number."""

    def __init__(self, address: str, prepared: dict[str, Any]) -> None:
        super().__init__(address)
        self.tokens = [bytes.fromhex(token) for token in prepared["tokens"]]
        self.mailboxes = {frozenset(pair): bytes.fromhex(id_) for *pair, id_ in prepared["mailboxes"]}
        self.body = os.urandom(BODY)

    async def open(self, sockets: int, on_stored: Noted, on_received: Noted) -> None:
        """Open and sign in; senders note acceptances, recipients what is not their own."""
        self.on_stored, self.on_received = on_stored, on_received
        self.own: list[set[bytes]] = [set() for _ in range(sockets)]
        for number in range(sockets):
            socket = await connect(f"ws://{self.address}/ws", partial(self.received, number))
            self.sockets.append(socket)
            self.ask(number, {"type": "hello", "ref": 0, "version": 1, "token": self.tokens[number]})

    def ask(self, socket: int, *frames: dict[str, Any]) -> None:
        """Send frames."""
        self.sockets[socket].send(msgspec.msgpack.encode(frames))

    def send(self, sender: int, recipient: int, number: int) -> None:
        """Send one envelope."""
        id_ = number.to_bytes(16, "big")
        self.own[sender].add(id_)
        self.ask(
            sender,
            {
                "type": "envelope.send",
                "ref": number,
                "mailbox": self.mailboxes[frozenset((sender, recipient))],
                "id": id_,
                "kind": "application",
                "slot": 0,
                "body": self.body,
                "commitment": bytes(32),
                "expires_in": None,
            },
        )

    def received(self, socket: int, message: bytes) -> None:
        """Note what came."""
        for frame in msgspec.msgpack.decode(message):
            if frame["type"] == "envelope.accepted":
                self.on_stored(frame["ref"])
            elif frame["type"] == "envelope.new":
                self.note(socket, frame["mailbox"], frame["head"])
                for envelope in frame["envelopes"]:
                    if envelope["id"] in self.own[socket]:
                        self.own[socket].discard(envelope["id"])
                    else:
                        self.on_received(int.from_bytes(envelope["id"], "big"))
            elif frame["type"] not in ("ok", "hello.ok"):
                raise ConnectionError(str(frame))

    def acknowledge(self, socket: int, cursors: dict[Any, int]) -> None:
        """Acknowledge the newest envelope of each mailbox."""
        frames = [
            {"type": "envelope.acknowledge", "ref": 0, "mailbox": mailbox, "sequence": head}
            for mailbox, head in cursors.items()
        ]
        for at in range(0, len(frames), 64):
            self.ask(socket, *frames[at : at + 64])


class TutorialWire(AcknowledgingWire):
    """JSON text: a message, its acceptance, what the group brings, and acknowledgements."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.body = os.urandom(BODY // 2).hex()

    async def open(self, sockets: int, on_stored: Noted, on_received: Noted) -> None:
        """Open a socket for each person."""
        self.on_stored, self.on_received = on_stored, on_received
        for number in range(sockets):
            address = f"ws://{self.address}/ws/person{number}"
            self.sockets.append(await connect(address, partial(self.received, number)))

    def say(self, socket: int, content: dict[str, Any]) -> None:
        """Send one JSON text."""
        self.sockets[socket].send(json.dumps(content).encode(), TEXT)

    def send(self, sender: int, recipient: int, number: int) -> None:
        """Send one message to the other's group."""
        room = "-".join(map(str, sorted((sender, recipient))))
        content = {"type": "message", "ref": number, "room": room, "to": f"person{recipient}", "body": self.body}
        self.say(sender, content)

    def received(self, socket: int, message: bytes) -> None:
        """Note what came."""
        content = json.loads(message)
        if content["type"] == "accepted":
            self.on_stored(content["ref"])
        elif content["type"] == "chat.message":
            self.on_received(content["ref"])
            self.note(socket, content["room"], content["id"])
        else:
            raise ConnectionError(str(content))

    def acknowledge(self, socket: int, cursors: dict[Any, int]) -> None:
        """Acknowledge the newest message of each room."""
        for room, number in cursors.items():
            self.say(socket, {"type": "acknowledge", "room": room, "id": number})
