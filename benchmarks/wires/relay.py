"""Socket.IO over a WebSocket (protocol 5 over Engine.IO 4): one text for each event, an answer for each message.

Packets: `0{..}` the server opens, `40` connect, `2` and `3` ping and pong, `42<number>[name, content]` an event that
wants an answer, `43<number>[..]` that answer.
"""

import asyncio
import os
from functools import partial

import msgspec

from benchmarks.client.plan import Plan
from benchmarks.client.web_socket import TEXT, WebSocket, connect, framed
from benchmarks.wires.wire import BODY, Noted, Wire


class Content(msgspec.Struct):
    ref: int


decode = msgspec.json.Decoder(tuple[str, Content]).decode
encode = msgspec.json.encode
PATH = "/socket.io/?EIO=4&transport=websocket"


class RelayWire(Wire):
    """Recipients answer with a `read` to whom they have read from: the relay's own kind of acknowledgement."""

    def __init__(self, plan: Plan, on_stored: Noted, on_received: Noted) -> None:
        super().__init__(plan, on_stored, on_received)
        self.sockets: dict[int, WebSocket] = {}
        self.joined: dict[int, asyncio.Future[None]] = {}
        self.body = os.urandom(BODY // 2).hex()
        self.senders: dict[int, int] = {}

    async def open_one(self, number: int) -> None:
        """Connect, and join the room of a person."""
        self.joined[number] = asyncio.get_running_loop().create_future()
        self.sockets[number] = await connect(self.port(number), PATH, partial(self.received, number))
        # The server's `0` may be here with the handshake already, and asks for nothing else.
        self.say(number, b"40")
        await self.joined[number]

    def say(self, socket: int, text: bytes) -> None:
        """Send one packet."""
        self.sockets[socket].transport.write(framed(text, TEXT))

    def send(self, sender: int, recipient: int, number: int) -> None:
        """Send one message."""
        content = {"to": f"person{recipient}", "ref": number, "body": self.body}
        self.senders[number] = sender
        self.say(sender, b"42%d" % number + encode(["message", content]))

    def received(self, socket: int, message: memoryview) -> None:
        """Note what came."""
        packet = bytes(message)
        if packet.startswith(b'42["message"'):
            ref = decode(packet[2:])[1].ref
            self.on_received(ref)
            self.note(socket, self.senders.pop(ref), ref)
        elif packet.startswith(b"43"):
            number = int(packet[2 : packet.index(b"[")])
            if number:
                self.on_stored(number)
            else:
                self.joined[socket].set_result(None)
        elif packet.startswith(b"2"):
            self.say(socket, b"3")
        elif packet.startswith(b"40"):
            self.say(socket, b"420" + encode(["join", f"person{socket}"]))
        elif not packet.startswith((b"0", b'42["read"')):
            raise ConnectionError(packet[:100].decode())

    def acknowledge(self, socket: int, cursors: dict[int, int]) -> None:
        """Tell each whose messages were read."""
        for sender, number in cursors.items():
            self.say(socket, b"42" + encode(["read", {"to": f"person{sender}", "ref": number}]))
