"""HTTP on uvicorn, bounded: it reads heads, bodies and idle connections without end by itself."""

from asyncio import TimerHandle, Transport

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from talk2me import bounds
from talk2me.bounds import LARGEST_BODY, REFUSAL

LARGEST_HEAD = 64 * 1024
# From the connection, or the first byte of a request, to the end of its head.
HEAD_SECONDS = 20.0
# From there to the end of its body.
BODY_SECONDS = 120.0


class BoundedHTTP(HttpToolsProtocol):
    """Refuses a body as soon as it is known to be too large, whether it says its length or not."""

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]  # as uvicorn gives them
        self._upgraded = False
        self._in_head = True
        self._in_body = False
        self._head_size = 0
        self._body_size = 0
        self._refused = False
        self._timer: TimerHandle | None = None
        self._taking_timer: TimerHandle | None = None

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Wait for a request, but not for ever."""
        super().connection_made(transport)
        self._start_timer(HEAD_SECONDS)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._stop_timer()
        self._stop_taking_timer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read a piece of a request."""
        if self._refused:
            return
        if self._in_head:
            self._head_size += len(data)
        super().data_received(data)
        # After reading: a piece may hold the rest of the head, and a long body.
        if self._upgraded:
            return
        if self._in_head and self._head_size > LARGEST_HEAD:
            self._refuse()
        elif self._timer is None and not self._became_socket():
            if self._in_body:
                self._start_timer(BODY_SECONDS)
            elif self._waits_for_request():
                # What has come, if only an empty line, has ended uvicorn's own wait for the next request.
                self._start_timer(HEAD_SECONDS)

    def handle_websocket_upgrade(self) -> None:
        """Give the connection to a WebSocket, and let go of it."""
        self._upgraded = True
        super().handle_websocket_upgrade()
        # It and its parser would else keep each other alive until the next collection.
        self.parser = None  # type: ignore[assignment]  # as uvicorn does at the end

    def on_message_begin(self) -> None:
        """Begin a request."""
        super().on_message_begin()
        self._in_head = True
        self._head_size = self._body_size = 0

    def on_header(self, name: bytes, value: bytes) -> None:
        """Read a header; of the body's length, before the body comes."""
        super().on_header(name, value)
        if name.lower() == b"content-length" and value.isdigit() and int(value[:20]) > LARGEST_BODY:
            self._refused = True

    def on_headers_complete(self) -> None:
        """Start the application, unless the request is refused already."""
        self._in_head, self._in_body = False, True
        self._stop_timer()
        if self._refused:
            self._refuse()
        else:
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Keep a piece of the body."""
        if self._refused:
            return
        self._body_size += len(body)
        if self._body_size > LARGEST_BODY:
            self._refuse()
        else:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """Go on with a request that is there to its end."""
        self._in_body = False
        self._stop_timer()
        if not self._refused:
            super().on_message_complete()

    def pause_writing(self) -> None:
        """Wait until what was written is taken, but not for ever."""
        super().pause_writing()
        self._taking_timer = self.loop.call_later(bounds.TAKE_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        """Go on."""
        self._stop_taking_timer()
        super().resume_writing()

    def _stop_taking_timer(self) -> None:
        if self._taking_timer is not None:
            self._taking_timer.cancel()
            self._taking_timer = None

    def _became_socket(self) -> bool:
        """Tell whether the request has made a WebSocket of the connection, which is another protocol's from then on."""
        return self.transport.get_protocol() is not self

    def _waits_for_request(self) -> bool:
        return self._in_head or self.cycle is None or self.cycle.response_complete

    def _start_timer(self, seconds: float) -> None:
        self._timer = self.loop.call_later(seconds, self.transport.abort)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _refuse(self) -> None:
        """Answer and close; what still comes is not read, so that the peer hears of it while it sends."""
        self._refused = True
        self.transport.write(REFUSAL)
        self.transport.close()
