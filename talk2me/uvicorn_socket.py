"""WebSockets on uvicorn, bounded: what waits in either direction has its limits, and who is silent is cut off.

The library that uvicorn brings does all that is rare: the handshake, control frames, fragments, errors, closing. What
comes and goes thousands of times a second, a whole binary message in one frame, passes it by: it costs a tenth so.
"""

from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import CloseCode, Frame
from websockets.protocol import OPEN
from websockets.speedups import apply_mask

from talk2me.bounds import EVENT_BYTES, LARGEST_SOCKET_MESSAGE, PING_SECONDS, SILENCE_SECONDS, WAITING_BYTES

# Final and binary, as RFC 6455, 5.2 writes it; and the bit of a payload that is masked.
WHOLE_BINARY = 0x82
MASKED = 0x80
# Empty fragments have no size of their own that would bound them.
FRAGMENTS = 4096
LOOK_SECONDS = 10
QUIET_LOOKS = PING_SECONDS // LOOK_SECONDS
SILENT_LOOKS = QUIET_LOOKS + SILENCE_SECONDS // LOOK_SECONDS
FAREWELL_SECONDS = 5.0


class BoundedSocket(WebSocketsSansIOProtocol):
    """One WebSocket.

    While the peer takes nothing, nothing more of it is read: so the answers to its pings can't grow either.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        # The beginning of a frame whose end has not come.
        self._rest = bytearray()
        self._waiting = 0
        # Whether the peer has given a sign of life since the last look at it, and how many looks there was none.
        self._alive = True
        self._silent = 0
        self._unwritten = 0

    # --- in -----------------------------------------------------------------------------------------------------------

    def data_received(self, data: bytes) -> None:
        """Read what came, frame by frame."""
        self._alive = True
        if not self.handshake_initiated:
            super().data_received(data)
            return
        if self._rest:
            self._rest += data
            at = self._read_frames(self._rest)
            del self._rest[:at]
        elif (at := self._read_frames(data)) < len(data):
            self._rest += data[at:]

    def _read_frames(self, data: bytes | bytearray) -> int:
        """Read the frames that are there to their end; return where they end."""
        at = 0
        while not self.transport.is_closing():
            start, end = _find_payload(data, at)
            if not end:
                break
            # What to make of it amid a fragmented message, or of one that it refuses, the library knows.
            if data[at] == WHOLE_BINARY and start and self.conn.state is OPEN and self.conn.current_size is None:
                self._hand_over(apply_mask(data[start:end], data[start - 4 : start]))
            else:
                super().data_received(bytes(data[at:end]))
            at = end
        return at

    def _hand_over(self, content: bytes) -> None:
        if not self.close_sent:
            self.queue.put_nowait({"type": "websocket.receive", "bytes": content})
            self._waiting += len(content) + EVENT_BYTES
            self._steer()

    def handle_cont(self, event: Frame) -> None:
        """Read one more fragment."""
        if len(self.frames) < FRAGMENTS:
            super().handle_cont(event)
        else:
            self.conn.fail(CloseCode.POLICY_VIOLATION, "too many fragments")
            self.handle_parser_exception()

    def send_receive_event_to_app(self) -> None:
        """Hand over a text, or a message that came in fragments."""
        size = sum(map(len, self.frames))
        # Uvicorn would stop reading after each message; here some may wait.
        paused, self.read_paused = self.read_paused, True
        super().send_receive_event_to_app()
        self.read_paused = paused
        if not self.close_sent:
            self._waiting += size + EVENT_BYTES
            self._steer()

    async def receive(self) -> Any:
        """Give the application the next event."""
        event = await self.queue.get()
        if event["type"] == "websocket.receive":
            content = event.get("bytes")
            self._waiting -= EVENT_BYTES + len((event["text"] or "").encode() if content is None else content)
            if self.read_paused:
                self._steer()
        return event

    # --- out ----------------------------------------------------------------------------------------------------------

    async def send(self, message: Any) -> None:
        """Write what the application sends; it waits while the peer takes nothing."""
        if message["type"] == "websocket.send" and self.conn.state is OPEN and not self.transport.is_closing():
            content = message.get("bytes")
            if content is not None:
                await self.writable.wait()
                self._write(content)
                return
        await super().send(message)
        if self.close_timer is not None:
            # Uvicorn's own would wait for ever for a peer that takes nothing.
            self.close_timer.cancel()
            self.close_timer = self.loop.call_later(FAREWELL_SECONDS, self.transport.abort)

    def _write(self, content: bytes) -> None:
        size = len(content)
        if size < 126:
            head = bytes((WHOLE_BINARY, size))
        elif size < 65536:
            head = b"\x82\x7e" + size.to_bytes(2, "big")
        else:
            head = b"\x82\x7f" + size.to_bytes(8, "big")
        self.transport.write(head + content)

    def pause_writing(self) -> None:
        """Hear that the transport's buffer is full."""
        super().pause_writing()
        self._steer()

    def resume_writing(self) -> None:
        """Hear that it is nearly empty again."""
        self._alive = True
        super().resume_writing()
        self._steer()

    def _steer(self) -> None:
        pause = not self.close_sent and (self._waiting > WAITING_BYTES or not self.writable.is_set())
        if pause != self.read_paused and not self.transport.is_closing():
            self.read_paused = pause
            if pause:
                self.transport.pause_reading()
            else:
                self.transport.resume_reading()

    # --- who is silent ------------------------------------------------------------------------------------------------

    def schedule_ping(self) -> None:
        """Look at the peer in a while."""
        self.ping_timer = self.loop.call_later(LOOK_SECONDS, self.send_keepalive_ping)

    def send_keepalive_ping(self) -> None:
        """Ping a peer that was quiet; cut off one that stays so, or takes nothing of what waits for it."""
        if self.transport.is_closing():
            return
        unwritten = self.transport.get_write_buffer_size()
        if self._alive or unwritten < self._unwritten:
            self._silent = 0
        else:
            self._silent += 1
        self._alive, self._unwritten = False, unwritten
        if self._silent >= SILENT_LOOKS:
            self.transport.abort()
            return
        if self._silent == QUIET_LOOKS and self.conn.state is OPEN:
            self.conn.send_ping(b"")
            self.transport.write(b"".join(self.conn.data_to_send()))
        self.schedule_ping()


def _find_payload(data: bytes | bytearray, at: int) -> tuple[int, int]:
    """Return where the payload of the frame at `at` begins and ends (RFC 6455, 5.2); its end is 0 until it has come.

    Of a frame that the library will refuse by its head, the end is that of all there is.
    """
    have = len(data) - at
    if have < 2:
        return 0, 0
    length = data[at + 1] & ~MASKED
    start = at + (6 if length < 126 else 8 if length == 126 else 14)
    if data[at + 1] < MASKED:
        return 0, len(data)
    if start > len(data):
        return 0, 0
    if length >= 126:
        length = int.from_bytes(data[at + 2 : start - 4], "big")
        if length > LARGEST_SOCKET_MESSAGE:
            return 0, len(data)
    end = start + length
    return start, end if end <= len(data) else 0
