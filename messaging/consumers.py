"""The WebSocket consumer: one socket's life from `hello` to its close (docs/wire_format.md 3)."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from channels.consumer import AsyncConsumer
from channels.exceptions import StopConsumer
from django.conf import settings

from messaging.close_codes import CLOSE_CODES
from messaging.codec import Refused, read_frames
from messaging.frames import AnyRequest, Hello
from messaging.handlers import HANDLERS
from messaging.send_window import SendWindow
from messaging.session import Session
from messaging.sign_in import SignIn
from messaging.worker import Worker, this_worker
from talk2me import limits, metrics
from talk2me.errors import BadFrame, HelloRequired, Internal, RateLimited, Talk2meError

logger = logging.getLogger(__name__)

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

HELLO_SECONDS = 5.0
FAREWELL_SECONDS = 0.1
# The rate limit is asked once for so many frames: counting costs more than reading a frame.
COUNTED_TOGETHER = 16


class MailboxConsumer(AsyncConsumer):  # type: ignore[misc]  # channels has no types
    """Parses frames, calls one handler for each, and answers.

    Channels awaits a thread for every event, to close old database connections, and waits on a channel of its own
    for every socket. Both cost several times what the rest does, and neither is needed here: nothing on this path uses
    Django's shared connection (messaging.threads), and wake-ups come to the worker, not to each socket.
    """

    def __init__(self, worker: Worker | None = None) -> None:
        self._given_worker = worker

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """Run the socket until it is gone."""
        self.scope, self.base_send = scope, send
        self.worker = self._given_worker or this_worker()
        self.window = SendWindow(send)
        self.session = Session(self.window)
        self.sign_in = SignIn(self.session, self.worker)
        self._uncounted = 0
        self._outgoing: asyncio.Task[None] | None = None
        metrics.sockets.inc()
        try:
            while True:
                await self.dispatch(await receive())
        except StopConsumer:
            pass
        except asyncio.CancelledError:
            await self._going_away()
            raise
        finally:
            await self._leave()

    async def dispatch(self, message: dict[str, Any]) -> None:
        """Handle one event of the server."""
        if message["type"] == "websocket.receive":
            await self.websocket_receive(message)
        elif message["type"] == "websocket.connect":
            await self.websocket_connect()
        elif message["type"] == "websocket.disconnect":
            raise StopConsumer

    async def websocket_connect(self) -> None:
        """Accept, then wait for `hello`; a page of another origin is told so and closed."""
        await self.worker.start()
        await self.base_send({"type": "websocket.accept"})
        self._outgoing = asyncio.get_running_loop().create_task(self.window.run())
        origins = [value for name, value in self.scope["headers"] if name == b"origin"]
        if origins and origins != [settings.ORIGIN.encode()]:
            self.session.end("foreign_origin")
        else:
            self.sign_in.expect_within(HELLO_SECONDS)

    async def websocket_receive(self, message: dict[str, Any]) -> None:
        """Handle the frames of one WebSocket message in order."""
        if self.session.ended:
            return
        data = message.get("bytes")
        if data is None:
            self._refuse(Refused(None, BadFrame(), fatal=True))
            return
        for frame in read_frames(data):
            await self.window.room()
            if self.session.ended:
                return
            if isinstance(frame, Refused):
                self._refuse(frame)
            elif self._within_rate(frame):
                await self._handle(frame)

    async def _handle(self, frame: AnyRequest) -> None:
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
        if isinstance(frame, Hello):
            await self.sign_in.hello(frame)
        elif not self.session.device:
            raise HelloRequired
        else:
            await HANDLERS[type(frame)](self.session, self.worker, frame)

    def _within_rate(self, frame: AnyRequest) -> bool:
        """Count the frame against the limit of its device; close the socket when that is reached."""
        self._uncounted += 1
        if not self.session.device or (self._uncounted < COUNTED_TOGETHER and not isinstance(frame, Hello)):
            return True
        count, self._uncounted = self._uncounted, 0
        try:
            limits.hit("frames", self.session.device, cost=count)
        except RateLimited as error:
            self.session.refuse(frame.ref, error)
            self.session.end("rate_limited")
            return False
        return True

    def _refuse(self, refused: Refused) -> None:
        self.session.refuse(refused.ref, refused.error)
        if refused.fatal:
            self.session.end("bad_frame")

    async def _going_away(self) -> None:
        """Tell the browser that this process ends; daphne cancels each socket's task and waits for it."""
        self.session.end("going_away")
        if self._outgoing is not None:
            await asyncio.wait([self._outgoing], timeout=1)
            # Daphne drops what its transport has not written when the last task ends.
            await asyncio.sleep(FAREWELL_SECONDS)

    async def _leave(self) -> None:
        metrics.sockets.dec()
        self.session.ended = True
        self.sign_in.stop()
        if self._outgoing is not None:
            self._outgoing.cancel()
            # Whatever a connection that is gone made of the last frame, nobody waits for it any more.
            await asyncio.gather(self._outgoing, return_exceptions=True)
        if self.session.device:
            with suppress(RateLimited):
                limits.hit("frames", self.session.device, cost=self._uncounted)
            self.session.allowance.settle(self.session.account)
            self.worker.registry.leave(self.session)
            await self.worker.acknowledgements.flush()
