"""WebSockets on uvicorn, bounded: what waits in either direction has its limits, and who is silent is cut off.

The library that uvicorn brings does what is rare: the handshake, control frames, fragments, errors, closing.
"""

from collections.abc import Callable
from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import CloseCode, Frame
from websockets.protocol import OPEN

from talk2me.bounds import EVENT_BYTES, PING_SECONDS, SILENCE_SECONDS, WAITING_BYTES
from talk2me.light import LightEvent, LightQueue
from talk2me.socket_wire import SCOPE_KEY, FrameReader, whole_binary

# Empty fragments have no size of their own that would bound them.
FRAGMENTS = 4096
LOOK_SECONDS = 10
QUIET_LOOKS = PING_SECONDS // LOOK_SECONDS
SILENT_LOOKS = QUIET_LOOKS + SILENCE_SECONDS // LOOK_SECONDS
FAREWELL_SECONDS = 5.0


class BoundedSocket(FrameReader, WebSocketsSansIOProtocol):
    """One WebSocket, and its wire (talk2me.socket_wire).

    While the peer takes nothing, nothing more of it is read: so the answers to its pings can't grow either.
    """

    on_message: Callable[[bytes], None] | None = None
    on_room: Callable[[], None] | None = None
    full = False
    _held = False
    # Bytes of the events that the application has not taken.
    _waiting = 0
    # Whether the peer has given a sign of life since the last look at it, and how many looks there was none.
    _alive = True
    _silent = 0
    _unwritten = 0

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.queue: Any = LightQueue()
        self.writable: Any = LightEvent()
        self.writable.set()

    # --- in -----------------------------------------------------------------------------------------------------------

    def handle_connect(self, event: Any) -> None:
        """Start the application."""
        super().handle_connect(event)
        if not self.close_sent:
            self.scope[SCOPE_KEY] = self  # type: ignore[literal-required]  # not in ASGI

    def data_received(self, data: bytes) -> None:
        """Read what came."""
        self._alive = True
        if self.handshake_initiated:
            self.read_frames(data)
        else:
            super().data_received(data)

    def other_frame(self, frame: bytes) -> None:
        """Let the library have it."""
        if not self.transport.is_closing():
            super().data_received(frame)

    def whole_message(self, content: bytes) -> None:
        """Hand a message to the application."""
        if self.close_sent or self.conn.state is not OPEN:
            return
        if self.on_message is not None:
            self.on_message(content)
        else:
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
        """Hand over a text, or what came in fragments."""
        content = b"".join(self.frames)
        if self.curr_msg_data_type == "bytes":
            self.frames = []
            self.whole_message(content)
            return
        # Uvicorn would stop reading after each message; here some may wait.
        paused, self.read_paused = self.read_paused, True
        super().send_receive_event_to_app()
        self.read_paused = paused
        self._waiting += len(content) + EVENT_BYTES
        self._steer()

    async def receive(self) -> Any:
        """Give the application the next event."""
        event = await self.queue.get()
        if event["type"] == "websocket.receive":
            content = event.get("bytes")
            self._waiting -= EVENT_BYTES + len((event["text"] or "").encode() if content is None else content)
            self._steer()
        return event

    def hold(self, held: bool) -> None:
        """Read nothing more of the peer, or go on."""
        self._held = held
        self._steer()

    def _steer(self) -> None:
        pause = not self.close_sent and (self.full or self._held or self._waiting > WAITING_BYTES)
        if pause != self.read_paused and not self.transport.is_closing():
            self.read_paused = pause
            if pause:
                self.transport.pause_reading()
            else:
                self.transport.resume_reading()

    # --- out ----------------------------------------------------------------------------------------------------------

    def write(self, content: bytes) -> None:
        """Send a binary message."""
        if self.conn.state is OPEN and not self.transport.is_closing():
            self.transport.write(whole_binary(content))

    def close(self, code: int) -> None:
        """Close after what was written; a peer that does not read is not waited for without end."""
        if self.close_sent or self.conn.state is not OPEN or self.transport.is_closing():
            return
        self.queue.put_nowait({"type": "websocket.disconnect", "code": code})
        self.conn.send_close(code)
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        self._steer()
        self.close_timer = self.loop.call_later(FAREWELL_SECONDS, self.transport.abort)

    async def send(self, message: Any) -> None:
        """Write what the application sends as an event; it waits while the peer takes nothing."""
        if message["type"] == "websocket.close" and self.handshake_complete:
            await self.writable.wait()
            self.close(message.get("code", CloseCode.NORMAL_CLOSURE))
        else:
            await super().send(message)
            if self.handshake_complete:
                # A kilobyte each, and nobody looks at them again.
                self.request = self.response = None  # type: ignore[assignment]

    def pause_writing(self) -> None:
        """Hear that the transport's buffer is full."""
        super().pause_writing()
        self.full = True
        self._steer()

    def resume_writing(self) -> None:
        """Hear that it is nearly empty again."""
        super().resume_writing()
        self._alive, self.full = True, False
        self._steer()
        if self.on_room is not None:
            self.on_room()

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
