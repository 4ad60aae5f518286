"""The Channels tutorial's way: JSON text; a message, its acceptance, what the group brings, and acknowledgements."""

import os
from functools import partial

import msgspec

from benchmarks.client.plan import Plan
from benchmarks.client.web_socket import TEXT, WebSocket, connect, framed
from benchmarks.wires.wire import BODY, Noted, Wire


class FromServer(msgspec.Struct):
    type: str
    ref: int
    id: int
    room: str = ""


decode = msgspec.json.Decoder(FromServer).decode
encode = msgspec.json.encode


class TutorialWire(Wire):
    def __init__(self, plan: Plan, on_stored: Noted, on_received: Noted) -> None:
        super().__init__(plan, on_stored, on_received)
        self.sockets: dict[int, WebSocket] = {}
        self.body = os.urandom(BODY // 2).hex()

    async def open_one(self, number: int) -> None:
        """Open a person's socket."""
        self.sockets[number] = await connect(self.port(number), f"/ws/person{number}", partial(self.received, number))

    def send(self, sender: int, recipient: int, number: int) -> None:
        """Send one message to the other's group."""
        room = "-".join(map(str, sorted((sender, recipient))))
        content = {"type": "message", "ref": number, "room": room, "to": f"person{recipient}", "body": self.body}
        self.sockets[sender].transport.write(framed(encode(content), TEXT))

    def received(self, socket: int, message: memoryview) -> None:
        """Note what came."""
        content = decode(message)
        if content.type == "accepted":
            self.on_stored(content.ref)
        else:
            self.on_received(content.ref)
            self.note(socket, content.room, content.id)

    def acknowledge(self, socket: int, cursors: dict[str, int]) -> None:
        """Acknowledge the newest message of each room."""
        for room, number in cursors.items():
            content = {"type": "acknowledge", "room": room, "id": number}
            self.sockets[socket].transport.write(framed(encode(content), TEXT))
