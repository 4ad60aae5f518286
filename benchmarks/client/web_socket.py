"""A WebSocket client that costs next to nothing, so that a benchmark measures the server and not its load.

No extensions, no fragments, loopback only. Masking with a key of zeros (RFC 6455, 5.3) leaves the payload as it is.
"""

import asyncio
import base64
import os
from collections.abc import Callable
from typing import cast

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
OnPayload = Callable[[memoryview], None]


class WebSocket(asyncio.Protocol):
    """Calls `on_payload` with each message, a view that is good until it returns."""

    def __init__(self, host: str, path: str, on_payload: OnPayload) -> None:
        self.host, self.path = host, path
        self.on_payload = on_payload
        self.transport: asyncio.Transport
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Send the opening handshake."""
        self.transport = cast("asyncio.Transport", transport)
        key = base64.b64encode(os.urandom(16)).decode()
        head = (
            f"GET {self.path} HTTP/1.1\r\nHost: {self.host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n"
        )
        self.transport.write(head.encode())

    def connection_lost(self, error: Exception | None) -> None:
        """Fail: no run closes a socket before its end."""
        reason = error or ConnectionError("closed by the server")
        if not self.opened.done():
            self.opened.set_exception(reason)
        raise reason

    def data_received(self, data: bytes) -> None:
        """Read the handshake's answer, then frames."""
        if self.rest:
            data = self.rest + data
        if not self.opened.done():
            head, found, data_after = data.partition(b"\r\n\r\n")
            if not found:
                self.rest = data
                return
            if not head.startswith(b"HTTP/1.1 101"):
                self.opened.set_exception(ConnectionError(head.decode()))
                return
            data = data_after
            self.opened.set_result(None)
        at = self._read_frames(data)
        self.rest = data[at:]

    def _read_frames(self, data: bytes) -> int:
        """Handle the whole frames of `data`; return where the first that is not whole begins."""
        view, end, at = memoryview(data), len(data), 0
        while end - at >= 2:
            length, start = data[at + 1], at + 2
            if length == 126:
                length, start = int.from_bytes(data[at + 2 : at + 4], "big"), at + 4
            elif length == 127:
                length, start = int.from_bytes(data[at + 2 : at + 10], "big"), at + 10
            if end < start + length:
                break
            code = data[at] & 15
            if code in (TEXT, BINARY):
                self.on_payload(view[start : start + length])
            elif code == PING:
                self.transport.write(framed(data[start : start + length], PONG))
            elif code == CLOSE:
                raise ConnectionError(f"closed: {data[start : start + length]!r}")
            at = start + length
        return at


def framed(payload: bytes, code: int = BINARY) -> bytes:
    """Return the frame of one message."""
    length = len(payload)
    if length < 126:
        head = bytes([0x80 | code, 0x80 | length])
    elif length < 65536:
        head = bytes([0x80 | code, 0x80 | 126]) + length.to_bytes(2, "big")
    else:
        head = bytes([0x80 | code, 0x80 | 127]) + length.to_bytes(8, "big")
    return head + bytes(4) + payload


async def connect(port: int, path: str, on_payload: OnPayload) -> WebSocket:
    """Open a WebSocket on this machine."""
    loop = asyncio.get_running_loop()
    _, socket = await loop.create_connection(
        lambda: WebSocket(f"127.0.0.1:{port}", path, on_payload), "127.0.0.1", port
    )
    await socket.opened
    return socket
