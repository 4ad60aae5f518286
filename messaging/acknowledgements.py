"""Acknowledgements on their way to the database: only the newest of each cursor, twice a second."""

import asyncio
import logging

from messaging.store import Store
from talk2me import metrics
from talk2me.errors import Talk2meError

logger = logging.getLogger(__name__)

FLUSH_SECONDS = 0.5


class Acknowledgements:
    """Losing some is harmless: the browser drains again what it already has."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._cursors: dict[tuple[bytes, bytes], int] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._flushes: set[asyncio.Task[None]] = set()

    def note(self, mailbox: bytes, device: bytes, sequence: int) -> None:
        """Take note that everything up to `sequence` is safe on the device."""
        key = mailbox, device
        self._cursors[key] = max(sequence, self._cursors.get(key, 0))
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(FLUSH_SECONDS, self._start_flush)

    def _start_flush(self) -> None:
        if self._flushes:
            # The database is slow: what comes meanwhile goes together.
            self._timer = asyncio.get_running_loop().call_later(FLUSH_SECONDS, self._start_flush)
            return
        task = asyncio.ensure_future(self.flush())
        self._flushes.add(task)
        task.add_done_callback(self._flushes.discard)

    async def flush(self) -> None:
        """Write what was noted."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        cursors, self._cursors = self._cursors, {}
        if not cursors:
            return
        try:
            await self._store.acknowledge(cursors)
        except Talk2meError:
            logger.warning("acknowledgements were not stored")
            return
        metrics.acknowledgements.inc(len(cursors))
