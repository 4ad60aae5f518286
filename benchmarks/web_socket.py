"""A WebSocket client that costs next to nothing, so that a benchmark measures the server and not its load.

No extensions, no fragments, loopback only. Masking with a key of zeros (RFC 6455, 5.3) leaves the payload as it is.
"""

import asyncio
import base64
import os
from collections.abc import Callable
from urllib.parse import urlsplit

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10


class WebSocket(asyncio.Protocol):
    """Calls `on_message` with the bytes of each message."""

    def __init__(self, url: str, on_message: Callable[[bytes], None]) -> None:
        self.url = urlsplit(url)
        self.on_message = on_message
        self.transport: asyncio.Transport
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.buffer = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the opening handshake."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        key = base64.b64encode(os.urandom(16)).decode()
        head = (
            f"GET {self.url.path} HTTP/1.1\r\nHost: {self.url.netloc}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n"
        )
        transport.write(head.encode())

    def data_received(self, data: bytes) -> None:
        """Read the handshake's answer, then frames."""
        self.buffer += data
        if not self.opened.done():
            head, found, rest = self.buffer.partition(b"\r\n\r\n")
            if not found:
                return
            if not head.startswith(b"HTTP/1.1 101"):
                self.opened.set_exception(ConnectionError(head.decode()))
                return
            self.buffer = rest
            self.opened.set_result(None)
        self._read_frames()

    def _read_frames(self) -> None:
        buffer, at = self.buffer, 0
        while len(buffer) - at >= 2:
            length, start = buffer[at + 1], at + 2
            if length == 126:
                length, start = int.from_bytes(buffer[at + 2 : at + 4], "big"), at + 4
            elif length == 127:
                length, start = int.from_bytes(buffer[at + 2 : at + 10], "big"), at + 10
            if len(buffer) < start + length:
                break
            self._frame(buffer[at] & 15, bytes(buffer[start : start + length]))
            at = start + length
        del buffer[:at]

    def _frame(self, code: int, payload: bytes) -> None:
        if code in (TEXT, BINARY):
            self.on_message(payload)
        elif code == PING:
            self._write(PONG, payload)
        elif code == CLOSE:
            raise ConnectionError(f"closed: {payload!r}")

    def send(self, payload: bytes, code: int = BINARY) -> None:
        """Send one message."""
        self._write(code, payload)

    def _write(self, code: int, payload: bytes) -> None:
        length = len(payload)
        if length < 126:
            head = bytes([0x80 | code, 0x80 | length])
        elif length < 65536:
            head = bytes([0x80 | code, 0x80 | 126]) + length.to_bytes(2, "big")
        else:
            head = bytes([0x80 | code, 0x80 | 127]) + length.to_bytes(8, "big")
        self.transport.write(head + bytes(4) + payload)


async def connect(url: str, on_message: Callable[[bytes], None]) -> WebSocket:
    """Open a WebSocket on this machine."""
    parts = urlsplit(url)
    loop = asyncio.get_running_loop()
    _, socket = await loop.create_connection(lambda: WebSocket(url, on_message), parts.hostname, parts.port)
    await socket.opened
    return socket
