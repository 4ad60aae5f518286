"""The WebSocket consumer: one socket's life from `hello` to its close (docs/wire_format.md 3)."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from channels.consumer import AsyncConsumer
from django.conf import settings

from messaging.asgi_wire import AsgiWire
from messaging.close_codes import CLOSE_CODES
from messaging.codec import Refused, read_frames
from messaging.frames import AnyRequest, Hello
from messaging.handlers import FOR_THE_WRITER, HANDLERS, QUICK
from messaging.send_window import SendWindow
from messaging.session import Session
from messaging.sign_in import SignIn
from messaging.worker import Worker, this_worker
from talk2me import limits, metrics
from talk2me.bounds import EVENT_BYTES, WAITING_BYTES
from talk2me.errors import BadFrame, HelloRequired, Internal, RateLimited, Talk2meError
from talk2me.socket_wire import SCOPE_KEY, Wire

logger = logging.getLogger(__name__)

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

HELLO_SECONDS = 5.0


class MailboxConsumer(AsyncConsumer):  # type: ignore[misc]  # channels has no types
    """Parses frames, calls one handler for each, in order, and answers.

    Channels awaits a thread for every event, to close old database connections, and waits on a channel of its own
    for every socket. Both cost several times what the rest does, and neither is needed here: nothing on this path uses
    Django's shared connection (messaging.threads), and wake-ups come to the worker, not to each socket.

    A frame whose handler waits for nothing is handled as it comes. Only one that has to wait gets a task, and what
    comes behind it waits in `_inbox` for that task.
    """

    def __init__(self, worker: Worker | None = None) -> None:
        self._given_worker = worker

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """Run the socket until it is gone."""
        self.worker = self._given_worker or this_worker()
        self.wire: Wire = scope.get(SCOPE_KEY) or AsgiWire(send)
        self.window = SendWindow(self.wire)
        self.session = Session(self.window)
        self.sign_in = SignIn(self.session, self.worker)
        self._inbox: list[bytes] | None = None
        self._inbox_bytes = 0
        self._task: asyncio.Task[None] | None = None
        metrics.sockets.inc()
        try:
            while (event := await receive())["type"] != "websocket.disconnect":
                if event["type"] == "websocket.connect":
                    await self._begin(scope, send)
                    # A kilobyte for each socket, and nobody looks at it again.
                    scope["headers"] = []
                elif event["type"] == "websocket.receive":
                    await self._receive(event.get("bytes"))
        finally:
            await self._leave()

    async def _begin(self, scope: dict[str, Any], send: Send) -> None:
        """Accept, then wait for `hello`; a page of another origin is told so and closed."""
        await self.worker.start()
        await send({"type": "websocket.accept"})
        self.wire.on_message = self._take
        origins = [value for name, value in scope["headers"] if name == b"origin"]
        if self.worker.sockets.closing:
            self.session.end("going_away")
        elif origins and origins != [settings.ORIGIN.encode()]:
            self.session.end("foreign_origin")
        else:
            try:
                self.worker.sockets.enter(self.session, _address_key(scope))
            except RateLimited as error:
                self.session.refuse(None, error)
                self.session.end("rate_limited")
            else:
                self.sign_in.expect_within(HELLO_SECONDS)

    async def _receive(self, content: bytes | None) -> None:
        """Handle a message that came as an event; the next one is asked for when this one is done."""
        if content is None:
            if not self.session.ended:
                self._refuse(Refused(None, BadFrame(), fatal=True))
            return
        self._take(content)
        while self._task is not None:
            await asyncio.wait([self._task])

    def _take(self, content: bytes) -> None:
        """Handle the frames of one WebSocket message in order, or let them wait behind those before them."""
        if self.session.ended:
            return
        if self._task is None:
            left = self._handle_at_once(self._read(content))
            if left:
                self._task = asyncio.get_running_loop().create_task(self._handle_in_turn(left))
            return
        if self._inbox is None:
            self._inbox = []
        self._inbox.append(content)
        self._inbox_bytes += len(content) + EVENT_BYTES
        if self._inbox_bytes > WAITING_BYTES:
            self.wire.hold(held=True)

    def _read(self, content: bytes) -> Sequence[AnyRequest | Refused]:
        """Return the frames of a message, counted; none, and the end of the socket, when they are too many."""
        frames = read_frames(content)
        if self.session.rates is not None:
            try:
                self.session.rates.count_frames(len(frames))
            except RateLimited as error:
                self.session.refuse(frames[0].ref if frames else None, error)
                self.session.end("rate_limited")
                return ()
        return frames

    def _handle_at_once(self, frames: Sequence[AnyRequest | Refused]) -> Sequence[AnyRequest | Refused]:
        """Handle the frames that wait for nothing, up to the first that does; return that one and the rest."""
        session, worker = self.session, self.worker
        for at, frame in enumerate(frames):
            if session.ended:
                break
            if isinstance(frame, Refused):
                self._refuse(frame)
                continue
            quick = QUICK.get(type(frame))
            if (
                quick is None
                or not session.device
                or self.window.crowded
                or (worker.writer.full and isinstance(frame, FOR_THE_WRITER))
            ):
                return frames[at:]
            try:
                quick(session, worker, frame)
            except Talk2meError as error:
                session.refuse(frame.ref, error)
            except Exception:
                logger.exception("a frame failed")
                session.refuse(frame.ref, Internal())
        return ()

    async def _handle_in_turn(self, frames: Sequence[AnyRequest | Refused]) -> None:
        """Handle these frames, and then what has come meanwhile."""
        try:
            while not self.session.ended:
                while frames and not self.session.ended:
                    await self._handle(frames[0])
                    # What follows one that waits need not wait itself.
                    frames = self._handle_at_once(frames[1:])
                if not self._inbox:
                    break
                content = self._inbox.pop(0)
                self._inbox_bytes -= len(content) + EVENT_BYTES
                if self._inbox_bytes <= WAITING_BYTES:
                    self.wire.hold(held=False)
                frames = self._handle_at_once(self._read(content))
        finally:
            self._task = None

    async def _handle(self, frame: AnyRequest | Refused) -> None:
        await self.window.room()
        if isinstance(frame, FOR_THE_WRITER):
            await self.worker.writer.room()
        if self.session.ended:
            return
        if isinstance(frame, Refused):
            self._refuse(frame)
            return
        try:
            await self._answer(frame)
        except Talk2meError as error:
            self.session.refuse(frame.ref, error)
            if isinstance(frame, Hello) and error.code in CLOSE_CODES:
                self.session.end(error.code)
        except Exception:
            logger.exception("a frame failed")
            self.session.refuse(frame.ref, Internal())

    async def _answer(self, frame: AnyRequest) -> None:
        kind = type(frame)
        if isinstance(frame, Hello):
            await self.sign_in.hello(frame)
        elif not self.session.device:
            raise HelloRequired
        elif kind in QUICK:
            QUICK[kind](self.session, self.worker, frame)
        else:
            await HANDLERS[kind](self.session, self.worker, frame)

    def _refuse(self, refused: Refused) -> None:
        self.session.refuse(refused.ref, refused.error)
        if refused.fatal:
            self.session.end("bad_frame")

    async def _leave(self) -> None:
        metrics.sockets.dec()
        self.session.ended = True
        self.sign_in.stop()
        # The wire and this consumer would else keep each other alive until the next collection.
        self.wire.on_message = None
        self.window.forget()
        if self._task is not None:
            if not self.session.device:
                # Its hello may wait for a database that hangs, and those of everybody who comes back behind it.
                self._task.cancel()
            await asyncio.wait([self._task])
        self.worker.sockets.leave(self.session)
        if self.session.device:
            self.session.allowance.settle(self.session.account)
            self.worker.registry.leave(self.session)


def _address_key(scope: dict[str, Any]) -> bytes:
    """Return the key of the client's address, empty for this machine's own."""
    peer = scope["client"][0] if scope.get("client") else ""
    forwarded_for = b",".join(value for name, value in scope["headers"] if name == b"x-forwarded-for").decode("latin-1")
    if limits.is_this_machine(peer, forwarded_for):
        return b""
    return limits.address_key(peer, forwarded_for)
