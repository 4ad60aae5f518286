"""How fast an answer over HTTP may be written on daphne, which by itself keeps all that was not taken yet."""

import asyncio
from typing import Any

from twisted.internet.interfaces import IPushProducer
from zope.interface import implementer

from talk2me import bounds


@implementer(IPushProducer)
class ResponsePace:
    """The producer of a request's answer: the transport says when its buffer is full and when it is empty again.

    Who takes nothing for too long is cut off.
    """

    def __init__(self, request: Any) -> None:
        self._request = request
        self._room: asyncio.Future[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        request.registerProducer(self, True)

    def pauseProducing(self) -> None:  # noqa: N802 - Twisted's name
        """Hear that the transport's buffer is full."""
        if self._room is None:
            loop = asyncio.get_running_loop()
            self._room = loop.create_future()
            self._timer = loop.call_later(bounds.TAKE_SECONDS, self._request.cut_off)

    def resumeProducing(self) -> None:  # noqa: N802 - Twisted's name
        """Hear that it is empty again."""
        if self._room is not None and self._timer is not None:
            self._timer.cancel()
            self._room.set_result(None)
            self._room = None

    def stopProducing(self) -> None:  # noqa: N802 - Twisted's name
        """Hear that the connection is gone: who waits to write may go on, into nothing."""
        self.resumeProducing()

    async def writable(self) -> None:
        """Wait until what was written has left the process."""
        if self._room is not None:
            await asyncio.shield(self._room)

    def end(self) -> None:
        """Let go of an answer that is written to its end."""
        self._request.unregisterProducer()
        self.resumeProducing()
