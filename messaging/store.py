"""Which way the hot path takes to the database: one place for what the two databases differ in."""

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import TypeGuard

from django.db import connection

from messaging.batch import Item, Outcome, PlainItem
from messaging.postgresql import acknowledge, drain
from messaging.postgresql.pool import Pool
from messaging.postgresql.write_plain import PlainWriter
from messaging.services.acknowledge_envelopes import acknowledge_envelopes
from messaging.services.drain_mailbox import Bounds, Range, drain_mailbox
from messaging.services.write_batch import write_batch
from messaging.threads import READERS, run_read, run_write

CURSORS_TOGETHER = 500


class Store:
    """On PostgreSQL, drains, cursors and batches without commits go straight from the loop; the rest by threads."""

    def __init__(self) -> None:
        on_postgresql = connection.vendor == "postgresql"
        self._plain = PlainWriter() if on_postgresql else None
        self._readers = Pool(drain.STATEMENTS, READERS) if on_postgresql else None
        self._cursors = Pool(acknowledge.STATEMENTS, 1) if on_postgresql else None

    async def write(self, items: Sequence[Item]) -> Outcome:
        """Store a batch; return a result for each item, in order. One batch at a time: call again after the answer."""
        if self._plain is not None and _all_plain(items):
            return await self._plain.write(items)
        return await run_write(write_batch, items)

    async def drain(self, device: bytes, mailbox: bytes, bounds: Bounds) -> Range:
        """Read a range, as messaging.services.drain_mailbox says. Raises MailboxUnknown, StorageFailed."""
        if self._readers is not None:
            return await drain.drain(self._readers, device, mailbox, bounds)
        return await run_read(drain_mailbox, device, mailbox, bounds)

    async def acknowledge(self, cursors: Mapping[tuple[bytes, bytes], int]) -> None:
        """Move cursors, as messaging.services.acknowledge_envelopes says. Raises StorageFailed."""
        # In order, so that no two workers wait for each other.
        waiting = iter(sorted((mailbox, device, sequence) for (mailbox, device), sequence in cursors.items()))
        while rows := list(islice(waiting, CURSORS_TOGETHER)):
            if self._cursors is not None:
                await acknowledge.acknowledge(self._cursors, rows)
            else:
                await run_write(acknowledge_envelopes, rows)

    def close(self) -> None:
        """Close what is held on this event loop."""
        if self._plain is not None:
            self._plain.close()
        for pool in (self._readers, self._cursors):
            if pool is not None:
                pool.close()


def _all_plain(items: Sequence[Item]) -> TypeGuard[Sequence[PlainItem]]:
    return all(isinstance(item, PlainItem) for item in items)
