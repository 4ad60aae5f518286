"""XMPP over TCP: SASL PLAIN without TLS, chat messages to the person's address, stream management on (XEP-0198).

The sender asks for an acknowledgement behind each message, as phones do; servers with an archive answer after they have
stored. The recipient acknowledges when it is asked. An envelope's number stands first in its body.
"""

import asyncio
import base64
import os
import re
from collections import deque
from functools import partial
from typing import cast

from benchmarks.client.plan import Plan
from benchmarks.wires.wire import BODY, Noted, Wire

HOST = "localhost"
PASSWORD = "only a benchmark signs in"  # noqa: S105 - protects nothing
STREAM = (
    f"<stream:stream to='{HOST}' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
).encode()
BIND = b"<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>r</resource></bind></iq>"
MANAGEMENT = b" xmlns='urn:xmpp:sm:3'"
# A message with its number, an answer with how many stanzas are handled, or a question for that.
STANZAS = re.compile(
    rb"<message[^>]*>(?:(?!</message>)<(?!body)[^<]*)*?<body>(\d{10})[^<]*</body>.*?</message>"
    rb"|<a [^>]*?h=['\"](\d+)['\"][^>]*>|(<r [^>]*>)",
    re.DOTALL,
)


class Client(asyncio.Protocol):
    """One person's stream."""

    def __init__(self, wire: "XmppWire", number: int) -> None:
        self.wire, self.number = wire, number
        self.transport: asyncio.Transport
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.rest = b""
        self.waiting: deque[int] = deque()
        self.handled = self.taken = 0
        # What to say next, after which word of the server.
        secret = base64.b64encode(f"\0person{number}\0{PASSWORD}".encode())
        sasl = b"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>" + secret + b"</auth>"
        self.steps: deque[tuple[bytes, bytes]] = deque(
            [
                (b"</stream:features>", sasl),
                (b"<success", STREAM),
                (b"</stream:features>", BIND),
                (b"</iq>", b"<presence/>"),
                (b"<presence", b"<enable" + MANAGEMENT + b"/>"),
                (b"<enabled", b""),
            ]
        )

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self.transport = cast("asyncio.Transport", transport)
        self.transport.write(b"<?xml version='1.0'?>" + STREAM)

    def connection_lost(self, error: Exception | None) -> None:
        """Tell of an end that nobody wanted."""
        raise ConnectionError(f"closed: {error} {self.rest[-300:]!r}")

    def data_received(self, data: bytes) -> None:
        """Read stanzas."""
        if self.rest:
            data = self.rest + data
        if not self.ready.done():
            self.rest = self._sign_in(data)
            return
        at = 0
        for found in STANZAS.finditer(data):
            at = found.end()
            number, handled, _ = found.groups()
            if number is not None:
                self.taken += 1
                self.wire.on_received(int(number))
            elif handled is not None:
                self._handled(int(handled))
            else:
                self.wire.acknowledgements += 1
                self.transport.write(b"<a" + MANAGEMENT + b" h='%d'/>" % self.taken)
        self.rest = data[at:]

    def _sign_in(self, data: bytes) -> bytes:
        """Go on to the next step when the server has said what it waits for; return what is not read."""
        if b"<failure" in data or b"stream:error" in data or b"type='error'" in data:
            raise ConnectionError(data.decode())
        while self.steps and self.steps[0][0] in data:
            word, answer = self.steps.popleft()
            data = data[data.index(word) + len(word) :]
            self.transport.write(answer)
        if not self.steps:
            self.ready.set_result(None)
        return data

    def _handled(self, count: int) -> None:
        for _ in range(count - self.handled):
            self.wire.on_stored(self.waiting.popleft())
        self.handled = count


class XmppWire(Wire):
    def __init__(self, plan: Plan, on_stored: Noted, on_received: Noted) -> None:
        super().__init__(plan, on_stored, on_received)
        self.clients: dict[int, Client] = {}
        self.body = os.urandom(BODY).hex()[: BODY - 10].encode()

    async def open_one(self, number: int) -> None:
        """Sign a person in."""
        make = partial(Client, self, number)
        _, client = await asyncio.get_running_loop().create_connection(make, "127.0.0.1", self.port(number))
        self.clients[number] = client
        await client.ready

    def send(self, sender: int, recipient: int, number: int) -> None:
        """Send one message, and ask whether it was handled."""
        client = self.clients[sender]
        client.waiting.append(number)
        client.transport.write(
            b"<message type='chat' id='%d' to='person%d@%s'><body>%010d%s</body></message><r%s/>"
            % (number, recipient, HOST.encode(), number, self.body, MANAGEMENT)
        )
