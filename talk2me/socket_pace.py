"""How fast one WebSocket of daphne may go: what bounds the memory that a peer can make this process hold.

Daphne hands everything on at once, in both directions: whoever asks and does not read, or sends faster than the disk
stores, fills its buffers without end.
"""

import asyncio
from collections.abc import Callable
from typing import Any

from twisted.internet.interfaces import IPushProducer
from zope.interface import implementer

from talk2me.bounds import EVENT_BYTES, WAITING_BYTES


@implementer(IPushProducer)
class SocketPace:
    """The producer of a socket's transport: the transport says when its buffer is full and when it is empty again.

    While it is full nothing is written, and nothing more is read: a peer that does not read is not heard either, so
    that the answers to its pings can't grow. A peer that stays away so long fails the server's ping and is cut off.
    """

    def __init__(self, transport: Any, on_room: Callable[[], None]) -> None:
        self._transport = transport
        self._on_room = on_room
        self._room: asyncio.Future[None] | None = None
        self._waiting = 0
        self._held = self._paused = False
        self.full = False
        # What the HTTP channel was, until the socket was made of it.
        transport.unregisterProducer()
        transport.registerProducer(self, True)

    def pauseProducing(self) -> None:  # noqa: N802 - Twisted's name
        """Hear that the transport's buffer is full."""
        self.full = True
        self._steer()

    def resumeProducing(self) -> None:  # noqa: N802 - Twisted's name
        """Hear that it is empty again."""
        self._there_is_room()
        if self._transport.disconnecting:
            # The transport closes when nothing more can come.
            self._transport.unregisterProducer()
        else:
            self._steer()

    def stopProducing(self) -> None:  # noqa: N802 - Twisted's name
        """Hear that the connection is gone: who waits to write may go on, into nothing."""
        self._there_is_room()

    async def writable(self) -> None:
        """Wait until what was written has left the process."""
        while self.full:
            if self._room is None:
                self._room = asyncio.get_running_loop().create_future()
            await asyncio.shield(self._room)

    def received(self, size: int) -> None:
        """Count an event of `size` bytes that waits for the application."""
        self._waiting += size + EVENT_BYTES
        self._steer()

    def taken(self, size: int) -> None:
        """Count it as taken."""
        self._waiting -= size + EVENT_BYTES
        self._steer()

    def hold(self, held: bool) -> None:
        """Read nothing more, or go on."""
        self._held = held
        self._steer()

    def _there_is_room(self) -> None:
        self.full = False
        if self._room is not None:
            self._room.set_result(None)
            self._room = None
        self._on_room()

    def _steer(self) -> None:
        pause = self.full or self._held or self._waiting > WAITING_BYTES
        if pause != self._paused:
            self._paused = pause
            if pause:
                self._transport.pauseProducing()
            else:
                self._transport.resumeProducing()
