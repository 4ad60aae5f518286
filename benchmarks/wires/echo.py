"""A server that sends back what it gets: nothing is stored, and nothing goes to anybody else."""

import os

from benchmarks.client.plan import Plan
from benchmarks.client.web_socket import WebSocket, connect, framed
from benchmarks.wires.wire import BODY, Noted, Wire


class EchoWire(Wire):
    def __init__(self, plan: Plan, on_stored: Noted, on_received: Noted) -> None:
        super().__init__(plan, on_stored, on_received)
        self.sockets: dict[int, WebSocket] = {}
        self.body = os.urandom(BODY - 8)

    async def open_one(self, number: int) -> None:
        """Open a socket."""
        self.sockets[number] = await connect(self.port(number), "/", self.received)

    def send(self, sender: int, recipient: int, number: int) -> None:  # noqa: ARG002 - nobody receives
        """Send one."""
        self.sockets[sender].transport.write(framed(number.to_bytes(8, "big") + self.body))

    def received(self, message: memoryview) -> None:
        """Take it back: both halves at once."""
        number = int.from_bytes(message[:8], "big")
        self.on_stored(number)
        self.on_received(number)
