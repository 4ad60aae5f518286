"""What waits to leave on one socket. One task writes, packing all that waits into one WebSocket message.

Pushed envelopes count against a window until the browser has acknowledged them. A browser that falls behind gets an
empty `envelope.new` in place of more envelopes, once for each mailbox, and drains by itself: the window bounds memory.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

from messaging.codec import pack_frames
from messaging.frames import MESSAGE_BYTES, MESSAGE_FRAMES, EnvelopeNew, encode
from talk2me import metrics

Send = Callable[[dict[str, Any]], Awaitable[None]]

WINDOW_BYTES = 1024 * 1024
# Answers may wait up to here before the socket's next frame is looked at.
PENDING_BYTES = 2 * 1024 * 1024


class SendWindow:
    """The way out of one socket; `run` is its task."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._pending: deque[bytes] = deque()
        self._pending_bytes = 0
        self._wake = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()
        self._close_code: int | None = None
        # Of each mailbox, the last sequence pushed and the bytes of what was pushed and not acknowledged.
        self._unacknowledged: dict[bytes, tuple[int, int]] = {}
        self._unacknowledged_bytes = 0
        self._told: set[bytes] = set()
        self.lagging = False

    def put(self, frame: bytes) -> None:
        """Queue an encoded frame; nothing after `finish`."""
        if self._close_code is not None:
            return
        self._pending.append(frame)
        self._pending_bytes += len(frame)
        if self._pending_bytes > PENDING_BYTES:
            self._room.clear()
        self._wake.set()

    def push(self, news: EnvelopeNew, frame: bytes) -> bool:
        """Queue new envelopes, encoded as `frame`; or, to a browser that lags, that there are some: return False."""
        if self.lagging:
            if news.mailbox not in self._told:
                self._told.add(news.mailbox)
                self.put(encode(EnvelopeNew(mailbox=news.mailbox, head=news.head, slot=news.slot, envelopes=[])))
            return False
        _, waiting = self._unacknowledged.get(news.mailbox, (0, 0))
        self._unacknowledged[news.mailbox] = (news.head, waiting + len(frame))
        self._unacknowledged_bytes += len(frame)
        if self._unacknowledged_bytes > WINDOW_BYTES:
            self.lagging = True
            metrics.slow_readers.inc()
        self.put(frame)
        return True

    @property
    def behind(self) -> bool:
        """Whether the browser reads so slowly that what can be lost should be."""
        return self.lagging or self._pending_bytes > WINDOW_BYTES

    def acknowledged(self, mailbox: bytes, sequence: int) -> None:
        """Free the window of a mailbox when its last push has been acknowledged."""
        last, waiting = self._unacknowledged.get(mailbox, (0, 0))
        if not last or sequence < last:
            return
        del self._unacknowledged[mailbox]
        self._unacknowledged_bytes -= waiting
        if self.lagging and self._unacknowledged_bytes <= WINDOW_BYTES // 2:
            self.lagging = False
            self._told.clear()

    def drained(self, mailbox: bytes) -> None:
        """Tell a browser that lags of this mailbox again when there is more."""
        self._told.discard(mailbox)

    async def room(self) -> None:
        """Wait until what is queued is small enough to do more for this socket."""
        await self._room.wait()

    def finish(self, close_code: int) -> None:
        """Close the socket after what is queued; only the first code counts."""
        if self._close_code is None:
            self._close_code = close_code
            self._room.set()
            self._wake.set()

    async def run(self) -> None:
        """Write until `finish`, or until the connection is gone."""
        while self._close_code is None or self._pending:
            await self._wake.wait()
            self._wake.clear()
            while self._pending:
                await self._send({"type": "websocket.send", "bytes": self._take()})
        await self._send({"type": "websocket.close", "code": self._close_code})

    def _take(self) -> bytes:
        """Return one WebSocket message of what waits, within the limits of docs/wire_format.md 3."""
        frames = [self._pending.popleft()]
        size = len(frames[0])
        while self._pending and len(frames) < MESSAGE_FRAMES and size + len(self._pending[0]) < MESSAGE_BYTES - 8:
            frames.append(self._pending.popleft())
            size += len(frames[-1])
        self._pending_bytes -= size
        if self._pending_bytes <= PENDING_BYTES:
            self._room.set()
        return pack_frames(frames)
