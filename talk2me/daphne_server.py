"""Daphne, with bounds: what `python -m talk2me.server` runs unless ASGI_SERVER says otherwise.

Daphne reads a request's whole body before anybody sees its headers, and neither stops reading nor stops writing for a
WebSocket whose peer is faster or slower than the application. Here both are bounded (tests/consumers/test_bounds.py).
"""

import asyncio
import signal
import time
from collections.abc import Awaitable, Callable
from typing import Any

import daphne.server
from daphne.endpoints import build_endpoint_description_strings
from daphne.http_protocol import HTTPFactory, WebRequest
from daphne.ws_protocol import WebSocketFactory, WebSocketProtocol
from twisted.internet import defer, reactor

from talk2me.bounds import LARGEST_BODY, LARGEST_SOCKET_MESSAGE, PING_SECONDS, REFUSAL, SILENCE_SECONDS
from talk2me.response_pace import ResponsePace
from talk2me.server import Application, Life
from talk2me.socket_pace import SocketPace
from talk2me.socket_wire import SCOPE_KEY, FrameReader, whole_binary


class BoundedRequest(WebRequest):  # type: ignore[misc]  # daphne has no types
    """Refuses a body as soon as it is known to be too large, whether it says its length or not.

    A long answer is written no faster than it is taken, and one that breaks off ends the connection.
    """

    size = 0
    refused = False
    pace: ResponsePace | None = None

    def gotLength(self, length: int | None) -> None:  # noqa: N802 - Twisted's name
        """Hear the length that the headers tell, if they do."""
        super().gotLength(length)
        if length is not None and length > LARGEST_BODY:
            self._refuse()

    def handleContentChunk(self, data: bytes) -> None:  # noqa: N802 - Twisted's name
        """Keep a piece of the body."""
        self.size += len(data)
        if self.size > LARGEST_BODY:
            self._refuse()
        if not self.refused:
            super().handleContentChunk(data)

    def requestReceived(self, command: bytes, path: bytes, version: bytes) -> None:  # noqa: N802 - Twisted's name
        """Go on with a request that is there to its end."""
        if not self.refused:
            super().requestReceived(command, path, version)

    def handle_reply(self, message: dict[str, Any]) -> None:
        """Write what the application sends."""
        if self.pace is None and message.get("more_body") and self.channel is not None:
            self.pace = ResponsePace(self)
        super().handle_reply(message)

    def finish(self) -> None:
        """End the answer."""
        if self.pace is not None:
            self.pace.end()
            self.pace = None
        super().finish()

    def handle_exception(self, exception: BaseException) -> None:
        """Hear that the application failed."""
        if self._response_started:
            self.cut_off()
        else:
            super().handle_exception(exception)

    def cut_off(self) -> None:
        """End the connection at once."""
        if self.channel is not None:
            self.channel.transport.abortConnection()

    def _refuse(self) -> None:
        if not self.refused:
            self.refused = True
            self.channel.transport.write(REFUSAL)
            self.channel.loseConnection()


class BoundedHTTPFactory(HTTPFactory):  # type: ignore[misc]  # daphne has no types
    """Makes channels whose requests are bounded."""

    def buildProtocol(self, addr: Any) -> Any:  # noqa: N802 - Twisted's name
        """Return the channel of a new connection."""
        channel = super().buildProtocol(addr)
        channel.requestFactory = BoundedRequest
        return channel


class PacedSocket(FrameReader, WebSocketProtocol):  # type: ignore[misc]  # daphne has no types
    """One WebSocket, and its wire (talk2me.socket_wire): counts what waits for the application."""

    on_message: Callable[[bytes], None] | None = None
    on_room: Callable[[], None] | None = None
    pace: SocketPace | None = None

    @property
    def full(self) -> bool:
        """Whether what was written has not left."""
        return self.pace is not None and self.pace.full

    def onOpen(self) -> None:  # noqa: N802 - autobahn's name
        """Take over the transport."""
        self.pace = SocketPace(self.transport, self._there_is_room)
        super().onOpen()

    def dataReceived(self, data: bytes) -> None:  # noqa: N802 - Twisted's name
        """Read what came."""
        if self.pace is None:
            super().dataReceived(data)
        else:
            self.read_frames(data)

    def other_frame(self, frame: bytes) -> None:
        """Let the library have it."""
        super().dataReceived(frame)

    def whole_message(self, content: bytes) -> None:
        """Hand a message to the application."""
        if self.state != self.STATE_OPEN:
            return
        if self.autoPingTimeoutCall is not None:
            # As the library does with what it reads itself: who sends is there.
            self._cancelAutoPingTimeoutCall()
        self.onMessage(content, isBinary=True)

    def onMessage(self, payload: bytes, isBinary: bool) -> None:  # noqa: N802, N803 - autobahn's names
        """Hand over a message, also one that came in fragments."""
        if isBinary and self.on_message is not None:
            self.last_ping = time.time()
            self.on_message(payload)
            return
        super().onMessage(payload, isBinary)
        if self.pace is not None and not self.muted:
            self.pace.received(len(payload))

    def write(self, content: bytes) -> None:
        """Send a binary message."""
        if self.state == self.STATE_OPEN:
            self.transport.write(whole_binary(content))

    def hold(self, held: bool) -> None:
        """Read nothing more of the peer, or go on."""
        if self.pace is not None:
            self.pace.hold(held)

    def close(self, code: int) -> None:
        """Close after what was written."""
        if self.state == self.STATE_OPEN:
            self.sendClose(code=code)

    async def writable(self) -> None:
        """Wait until what was written has left the process."""
        if self.pace is not None:
            await self.pace.writable()

    def taken(self, event: dict[str, Any]) -> None:
        """Hear that the application has taken an event."""
        if self.pace is not None and event["type"] == "websocket.receive":
            text = event.get("text")
            self.pace.taken(len(event["bytes"] if text is None else text.encode()))

    def _there_is_room(self) -> None:
        if self.on_room is not None:
            self.on_room()


class PacedSocketFactory(WebSocketFactory):  # type: ignore[misc]  # daphne has no types
    protocol = PacedSocket


class BoundedServer(daphne.server.Server):  # type: ignore[misc]  # daphne has no types
    """Daphne's server over the protocols above."""

    connections: dict[Any, dict[str, Any]]
    _stopping = False

    def __init__(self, application: Application, life: Life, **options: Any) -> None:
        super().__init__(_paced(application), **options)
        self._life = life

    def create_application(self, protocol: Any, scope: dict[str, Any]) -> Any:
        """Start the application of a connection, which learns from the scope whose pace it keeps."""
        return super().create_application(protocol, {**scope, SCOPE_KEY: protocol})

    async def handle_reply(self, protocol: Any, message: dict[str, Any]) -> None:
        """Write what the application sends; it goes on when that has left the process."""
        await super().handle_reply(protocol, message)
        if isinstance(protocol, PacedSocket):
            await protocol.writable()
        elif protocol.pace is not None:
            await protocol.pace.writable()

    def run(self) -> None:
        """Start the worker when the reactor runs, and end at a signal."""
        reactor.callWhenRunning(self._begin)
        super().run()

    def kill_all_applications(self) -> Any:
        """Leave as talk2me.life has it, then end what is left; the reactor waits for it."""
        return defer.Deferred.fromFuture(asyncio.ensure_future(self._leave()))

    def _begin(self) -> None:
        loop = asyncio.get_event_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            # Twisted's own would make being stopped a failure.
            loop.add_signal_handler(number, self._stop_once)
        self._task = loop.create_task(self._life.begin())

    def _stop_once(self) -> None:
        if not self._stopping:
            self._stopping = True
            self.stop()

    async def _leave(self) -> None:
        for listening in self.listeners:
            listening.addCallback(lambda port: port.stopListening())
        await self._life.end()
        # HTTP answers that are under way, and sockets that close.
        for _ in range(10):
            if all("disconnected" in details for details in self.connections.values()):
                break
            await asyncio.sleep(0.1)
        running = [details.get("application_instance") for details in self.connections.values()]
        left = [one for one in running if one is not None and not one.done()]
        for one in left:
            one.cancel()
        await asyncio.gather(*left, return_exceptions=True)


def _paced(application: Application) -> Application:
    async def run(scope: dict[str, Any], receive: Callable[[], Awaitable[Any]], send: Callable[..., Any]) -> None:
        protocol = scope[SCOPE_KEY]
        if not isinstance(protocol, PacedSocket):
            del scope[SCOPE_KEY]
            await application(scope, receive, send)
            return

        async def receive_and_count() -> Any:
            event = await receive()
            protocol.taken(event)
            return event

        await application(scope, receive_and_count, send)

    return run


def run(application: Application, life: Life, host: str, port: int) -> None:
    """Serve until a signal comes."""
    # Daphne looks for these two by their names in its own module, and has no other place for them.
    daphne.server.HTTPFactory = BoundedHTTPFactory
    daphne.server.WebSocketFactory = PacedSocketFactory
    BoundedServer(
        application,
        life,
        endpoints=build_endpoint_description_strings(host=host, port=port),
        server_name=None,
        verbosity=0,
        signal_handlers=False,
        ping_interval=PING_SECONDS,
        ping_timeout=SILENCE_SECONDS,
        websocket_max_message_size=LARGEST_SOCKET_MESSAGE,
        websocket_max_frame_size=LARGEST_SOCKET_MESSAGE,
    ).run()
