"""How fast one WebSocket may go: what bounds the memory that a peer can make this process hold.

Daphne hands everything on at once, in both directions: whoever asks and does not read, or sends faster than the disk
stores, fills its buffers without end.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from twisted.internet.interfaces import IPushProducer
from zope.interface import implementer

from talk2me.bounds import EVENT_BYTES, WAITING_BYTES

Receive = Callable[[], Awaitable[dict[str, Any]]]


@implementer(IPushProducer)
class SocketPace:
    """The producer of a socket's transport: the transport says when its buffer is full and when it is empty again.

    While it is full nothing is written, and nothing more is read: a peer that does not read is not heard either, so
    that the answers to its pings can't grow. A peer that stays away so long fails the server's ping and is cut off.
    """

    def __init__(self, transport: Any) -> None:
        self._transport = transport
        self._writable = asyncio.Event()
        self._writable.set()
        self._waiting = 0
        # What the HTTP channel was, until the socket was made of it.
        transport.unregisterProducer()
        transport.registerProducer(self, True)

    def pauseProducing(self) -> None:  # noqa: N802 - Twisted's name
        """Hear that the transport's buffer is full."""
        self._writable.clear()
        self._steer()

    def resumeProducing(self) -> None:  # noqa: N802 - Twisted's name
        """Hear that it is empty again."""
        self._writable.set()
        if self._transport.disconnecting:
            # The transport closes when nothing more can come.
            self._transport.unregisterProducer()
        else:
            self._steer()

    def stopProducing(self) -> None:  # noqa: N802 - Twisted's name
        """Hear that the connection is gone: who waits to write may go on, into nothing."""
        self._writable.set()

    async def writable(self) -> None:
        """Wait until what was written has left the process."""
        await self._writable.wait()

    def received(self, size: int) -> None:
        """Count an event of `size` bytes that waits for the application."""
        self._waiting += size + EVENT_BYTES
        self._steer()

    def taken(self, size: int) -> None:
        """Count it as taken."""
        self._waiting -= size + EVENT_BYTES
        self._steer()

    def _steer(self) -> None:
        if self._writable.is_set() and self._waiting <= WAITING_BYTES:
            self._transport.resumeProducing()
        else:
            self._transport.pauseProducing()
