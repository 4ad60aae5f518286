"""Daphne, with bounds: what `python -m talk2me.server` runs unless ASGI_SERVER says otherwise.

Daphne reads a request's whole body before anybody sees its headers, and neither stops reading nor stops writing for a
WebSocket whose peer is faster or slower than the application. Here both are bounded (tests/consumers/test_bounds.py).
"""

from collections.abc import Awaitable, Callable
from typing import Any

import daphne.server
from daphne.endpoints import build_endpoint_description_strings
from daphne.http_protocol import HTTPFactory, WebRequest
from daphne.ws_protocol import WebSocketFactory, WebSocketProtocol

from talk2me.bounds import LARGEST_BODY, LARGEST_SOCKET_MESSAGE, PING_SECONDS, REFUSAL, SILENCE_SECONDS
from talk2me.server import Application
from talk2me.socket_pace import SocketPace


class BoundedRequest(WebRequest):  # type: ignore[misc]  # daphne has no types
    """Refuses a body as soon as it is known to be too large, whether it says its length or not."""

    size = 0
    refused = False

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


class PacedSocket(WebSocketProtocol):  # type: ignore[misc]  # daphne has no types
    """Counts what waits for the application."""

    pace: SocketPace | None = None

    def onOpen(self) -> None:  # noqa: N802 - autobahn's name
        """Take over the transport."""
        self.pace = SocketPace(self.transport)
        super().onOpen()

    def onMessage(self, payload: bytes, isBinary: bool) -> None:  # noqa: N802, N803 - autobahn's names
        """Hand a message to the application."""
        super().onMessage(payload, isBinary)
        if self.pace is not None and not self.muted:
            self.pace.received(len(payload))

    async def writable(self) -> None:
        """Wait until what was written has left the process."""
        if self.pace is not None:
            await self.pace.writable()

    def taken(self, event: dict[str, Any]) -> None:
        """Hear that the application has taken an event."""
        if self.pace is not None and event["type"] == "websocket.receive":
            text = event.get("text")
            self.pace.taken(len(event["bytes"] if text is None else text.encode()))


class PacedSocketFactory(WebSocketFactory):  # type: ignore[misc]  # daphne has no types
    protocol = PacedSocket


class BoundedServer(daphne.server.Server):  # type: ignore[misc]  # daphne has no types
    """Daphne's server over the protocols above."""

    connections: dict[Any, dict[str, Any]]

    def __init__(self, application: Application, **options: Any) -> None:
        super().__init__(_paced(application), **options)

    def create_application(self, protocol: Any, scope: dict[str, Any]) -> Any:
        """Start the application of a connection, which learns from the scope whose pace it keeps."""
        return super().create_application(protocol, {**scope, "talk2me.protocol": protocol})

    async def handle_reply(self, protocol: Any, message: dict[str, Any]) -> None:
        """Write what the application sends; it goes on when that has left the process."""
        await super().handle_reply(protocol, message)
        if isinstance(protocol, PacedSocket):
            await protocol.writable()

    def kill_all_applications(self) -> Any:
        """End every application; daphne's own way fails over a connection whose application has just ended."""
        for protocol in [one for one, details in self.connections.items() if "application_instance" not in details]:
            del self.connections[protocol]
        return super().kill_all_applications()


def _paced(application: Application) -> Application:
    async def run(scope: dict[str, Any], receive: Callable[[], Awaitable[Any]], send: Callable[..., Any]) -> None:
        protocol = scope.pop("talk2me.protocol", None)

        async def receive_and_count() -> Any:
            event = await receive()
            protocol.taken(event)
            return event

        await application(scope, receive_and_count if isinstance(protocol, PacedSocket) else receive, send)

    return run


def run(application: Application, host: str, port: int) -> None:
    """Serve until a signal comes."""
    # Daphne looks for these two by their names in its own module, and has no other place for them.
    daphne.server.HTTPFactory = BoundedHTTPFactory
    daphne.server.WebSocketFactory = PacedSocketFactory
    BoundedServer(
        application,
        endpoints=build_endpoint_description_strings(host=host, port=port),
        server_name=None,
        verbosity=0,
        ping_interval=PING_SECONDS,
        ping_timeout=SILENCE_SECONDS,
        websocket_max_message_size=LARGEST_SOCKET_MESSAGE,
        websocket_max_frame_size=LARGEST_SOCKET_MESSAGE,
    ).run()
