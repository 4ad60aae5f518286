"""MQTT 3.1.1 with QoS 1: PUBLISH and PUBACK between sender and broker, and again between broker and recipient.

Each person has a topic. The PUBACK of a recipient is its acknowledgement, one for each message: there are no ranges.
"""

import asyncio
import os
from functools import partial
from typing import cast

from benchmarks.client.plan import Plan
from benchmarks.wires.wire import BODY, Noted, Wire

CONNACK, PUBLISH, PUBACK, SUBACK = 2, 3, 4, 9
LARGEST_PACKET_ID = 0xFFFF


class Client(asyncio.Protocol):
    """One connection: calls `on_packet` with the first byte and the payload of each packet."""

    def __init__(self, wire: "MqttWire", number: int) -> None:
        self.wire, self.number = wire, number
        self.transport: asyncio.Transport
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.rest = b""
        self.packet_id = 0
        self.waiting: dict[int, int] = {}

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Connect with a session that lasts, and subscribe."""
        self.transport = cast("asyncio.Transport", transport)
        name = f"person{self.number}".encode()
        # Session kept, no keep-alive.
        self.write(0x10, _text(b"MQTT") + b"\x04\x00\x00\x00" + _text(name))
        self.write(0x82, b"\x00\x01" + _text(b"to/" + name) + b"\x01")

    def write(self, first: int, payload: bytes) -> None:
        """Send one packet."""
        self.transport.write(bytes([first]) + _length(len(payload)) + payload)

    def publish(self, topic: bytes, number: int, body: bytes) -> None:
        """Publish with QoS 1."""
        self.packet_id = self.packet_id % LARGEST_PACKET_ID + 1
        self.waiting[self.packet_id] = number
        self.write(0x32, topic + self.packet_id.to_bytes(2, "big") + number.to_bytes(8, "big") + body)

    def data_received(self, data: bytes) -> None:
        """Read packets."""
        if self.rest:
            data = self.rest + data
        at, end = 0, len(data)
        while end - at >= 2:
            length, start, shift = data[at + 1] & 127, at + 2, 7
            while data[start - 1] & 128 and start < end:
                length |= (data[start] & 127) << shift
                start, shift = start + 1, shift + 7
            if data[start - 1] & 128 or end < start + length:
                break
            self.packet(data[at] >> 4, data, start)
            at = start + length
        self.rest = data[at:]

    def packet(self, kind: int, data: bytes, at: int) -> None:
        """Note what came; its payload begins at `at`."""
        if kind == PUBLISH:
            at += 2 + int.from_bytes(data[at : at + 2], "big")
            # What is kept because we were away is not here: QoS 1 always has an id.
            self.transport.write(b"\x40\x02" + data[at : at + 2])
            self.wire.acknowledgements += 1
            self.wire.on_received(int.from_bytes(data[at + 2 : at + 10], "big"))
        elif kind == PUBACK:
            self.wire.on_stored(self.waiting.pop(int.from_bytes(data[at : at + 2], "big")))
        elif kind == SUBACK:
            self.ready.set_result(None)
        elif kind != CONNACK:
            raise ConnectionError(f"packet of kind {kind}")


class MqttWire(Wire):
    def __init__(self, plan: Plan, on_stored: Noted, on_received: Noted) -> None:
        super().__init__(plan, on_stored, on_received)
        self.clients: dict[int, Client] = {}
        self.topics = [_text(f"to/person{number}".encode()) for number in range(plan.sockets)]
        self.body = os.urandom(BODY - 8)

    async def open_one(self, number: int) -> None:
        """Connect a person."""
        make = partial(Client, self, number)
        _, client = await asyncio.get_running_loop().create_connection(make, "127.0.0.1", self.port(number))
        self.clients[number] = client
        await client.ready

    def send(self, sender: int, recipient: int, number: int) -> None:
        """Publish to a person."""
        self.clients[sender].publish(self.topics[recipient], number, self.body)


def _text(text: bytes) -> bytes:
    return len(text).to_bytes(2, "big") + text


def _length(length: int) -> bytes:
    encoded = bytearray()
    while length > 127:
        encoded.append(length & 127 | 128)
        length >>= 7
    encoded.append(length)
    return bytes(encoded)
