"""Making room in conversations that are nearly full, beside the writer: in steps, so that nobody waits long."""

import asyncio
import logging
import time
from collections.abc import Collection

from messaging.services.expire_envelopes import clear_mailboxes
from messaging.services.make_room import make_room
from messaging.threads import run_write
from talk2me.errors import Talk2meError

logger = logging.getLogger(__name__)

# A mailbox in which no room could be made is not looked at again so soon.
AGAIN_SECONDS = 60.0


class Room:
    """Lives on one event loop; other workers may make room in the same mailbox at the same time."""

    def __init__(self) -> None:
        self._looked_at: dict[bytes, float] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def wanted(self, mailboxes: Collection[bytes]) -> None:
        """Make room in these, soon."""
        now = time.monotonic()
        self._looked_at = {id_: at for id_, at in self._looked_at.items() if at > now - AGAIN_SECONDS}
        for mailbox in mailboxes:
            if mailbox not in self._looked_at:
                self._looked_at[mailbox] = now
                task = asyncio.ensure_future(self._make(mailbox))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        """Leave what is not done to the next time that somebody writes there, and to expiry."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _make(self, mailbox: bytes) -> None:
        try:
            while await run_write(make_room, mailbox):
                while await run_write(clear_mailboxes, [mailbox]):
                    pass
        except Talk2meError:
            logger.warning("no room could be made now")
