"""What waits to leave on one socket: all that gathers within one turn of the event loop leaves as one message.

Pushed envelopes count against a window until the browser has acknowledged them. A browser that falls behind gets an
empty `envelope.new` in place of more envelopes, once for each mailbox, and drains by itself: the window bounds memory.
"""

import asyncio

from messaging.codec import pack_frames
from messaging.frames import MESSAGE_BYTES, MESSAGE_FRAMES, EnvelopeNew, encode
from talk2me import metrics
from talk2me.socket_wire import Wire

WINDOW_BYTES = 1024 * 1024
# Answers may wait up to here before the socket's next frame is looked at.
PENDING_BYTES = 2 * 1024 * 1024
# What every window that does not lag shares.
NONE: dict[bytes, int] = {}


class SendWindow:
    """The way out of one socket. Nothing here waits but `room`."""

    # A server has thousands of these, nearly all of them idle.
    __slots__ = (
        "_close_code", "_loop", "_pending", "_pending_bytes", "_planned", "_room", "_told", "_unacknowledged",
        "_unacknowledged_bytes", "_wire", "lagging",
    )  # fmt: skip

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._loop = asyncio.get_running_loop()
        self._pending: list[bytes] = []
        self._pending_bytes = 0
        self._planned = False
        self._room: asyncio.Future[None] | None = None
        self._close_code: int | None = None
        # Of each mailbox, the last sequence pushed and the bytes of what was pushed and not acknowledged.
        self._unacknowledged: dict[bytes, tuple[int, int]] = {}
        self._unacknowledged_bytes = 0
        # While it lags, the mailboxes it has been told to drain, and the head that each had then.
        self._told: dict[bytes, int] = NONE
        self.lagging = False
        wire.on_room = self._write

    def put(self, frame: bytes) -> None:
        """Queue an encoded frame; nothing after `finish`."""
        if self._close_code is None:
            self._pending.append(frame)
            self._pending_bytes += len(frame)
            self._plan()

    def push(self, news: EnvelopeNew, frame: bytes) -> bool:
        """Queue new envelopes, encoded as `frame`; or, to a browser that lags, that there are some: return False."""
        if self.lagging:
            if news.mailbox not in self._told:
                self._told[news.mailbox] = news.head
                self.put(encode(EnvelopeNew(mailbox=news.mailbox, head=news.head, slot=news.slot, envelopes=[])))
            return False
        _, waiting = self._unacknowledged.get(news.mailbox, (0, 0))
        self._unacknowledged[news.mailbox] = (news.head, waiting + len(frame))
        self._unacknowledged_bytes += len(frame)
        if self._unacknowledged_bytes > WINDOW_BYTES:
            self.lagging, self._told = True, {}
            metrics.slow_readers.inc()
        self.put(frame)
        return True

    @property
    def behind(self) -> bool:
        """Whether the browser reads so slowly that what can be lost should be."""
        return self.lagging or self._pending_bytes > WINDOW_BYTES

    @property
    def crowded(self) -> bool:
        """Whether so much is queued that no more should be done for this socket."""
        return self._pending_bytes > PENDING_BYTES

    def acknowledged(self, mailbox: bytes, sequence: int) -> None:
        """Free the window of a mailbox when its last push has been acknowledged."""
        last, waiting = self._unacknowledged.get(mailbox, (0, 0))
        if not last or sequence < last:
            return
        del self._unacknowledged[mailbox]
        self._unacknowledged_bytes -= waiting
        if self.lagging and self._unacknowledged_bytes <= WINDOW_BYTES // 2:
            self.lagging = False

    def let_go(self, mailbox: bytes) -> None:
        """Free the window of a mailbox that this browser may not acknowledge any more."""
        self.acknowledged(mailbox, self._unacknowledged.get(mailbox, (0, 0))[0])

    def reads(self, mailbox: bytes) -> None:
        """Tell a browser that lags of this mailbox again when more comes: a range of it is about to be read."""
        self._told.pop(mailbox, None)

    def has_read(self, mailbox: bytes, sequence: int) -> None:
        """Tell it again too when what it was told meanwhile is in the range: it has no reason to drain for that."""
        if self._told.get(mailbox, sequence + 1) <= sequence:
            del self._told[mailbox]

    async def room(self) -> None:
        """Wait until the socket is not crowded any more."""
        while self.crowded and self._close_code is None:
            if self._room is None:
                self._room = self._loop.create_future()
            # Shielded: several may wait, and one of them may be cancelled.
            await asyncio.shield(self._room)

    def finish(self, close_code: int) -> None:
        """Close the socket after what is queued; only the first code counts."""
        if self._close_code is None:
            self._close_code = close_code
            self._plan()

    def forget(self) -> None:
        """Let go of everything: the connection is gone."""
        self._close_code = self._close_code or 0
        self._wire.on_room = None
        self._pending.clear()
        self._let_go_on()

    def _plan(self) -> None:
        # Not at once: what the rest of a batch brings to this socket goes into the same message.
        if not self._planned:
            self._planned = True
            self._loop.call_soon(self._write)

    def _write(self) -> None:
        self._planned = False
        while self._pending and not self._wire.full:
            self._wire.write(self._take())
        if not self.crowded or self._close_code is not None:
            self._let_go_on()
        if self._close_code and not self._pending:
            self._wire.close(self._close_code)

    def _let_go_on(self) -> None:
        if self._room is not None:
            self._room.set_result(None)
            self._room = None

    def _take(self) -> bytes:
        """Return one WebSocket message of what waits, within the limits of docs/wire_format.md 3."""
        frames, size = self._pending, self._pending_bytes
        if len(frames) <= MESSAGE_FRAMES and size < MESSAGE_BYTES - 8:
            self._pending, self._pending_bytes = [], 0
            return pack_frames(frames)
        count, size = 1, len(frames[0])
        while count < min(len(frames), MESSAGE_FRAMES) and size + len(frames[count]) < MESSAGE_BYTES - 8:
            size += len(frames[count])
            count += 1
        taken = frames[:count]
        del frames[:count]
        self._pending_bytes -= size
        return pack_frames(taken)
