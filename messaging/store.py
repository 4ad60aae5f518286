"""Which way the hot path takes to the database: one place for what the two databases differ in."""

from collections.abc import Sequence
from typing import TypeGuard

from django.db import connection

from messaging.batch import Item, Outcome, PlainItem
from messaging.postgresql import drain
from messaging.postgresql.pool import Pool
from messaging.postgresql.write_plain import PlainWriter
from messaging.services.drain_mailbox import Range, drain_mailbox
from messaging.services.write_batch import write_batch
from messaging.threads import READERS, run_read, run_write


class Store:
    """On PostgreSQL, drains and batches without commits go straight from the event loop; everything else by threads."""

    def __init__(self) -> None:
        on_postgresql = connection.vendor == "postgresql"
        self._plain = PlainWriter() if on_postgresql else None
        self._readers = Pool(drain.STATEMENTS, READERS) if on_postgresql else None

    async def write(self, items: Sequence[Item]) -> Outcome:
        """Store a batch; return a result for each item, in order. One batch at a time: call again after the answer."""
        if self._plain is not None and _all_plain(items):
            return await self._plain.write(items)
        return await run_write(write_batch, items)

    async def drain(self, device: bytes, mailbox: bytes, after: int, limit: int) -> Range:
        """Read a range, as messaging.services.drain_mailbox says. Raises MailboxUnknown, StorageFailed."""
        if self._readers is not None:
            return await drain.drain(self._readers, device, mailbox, after, limit)
        return await run_read(drain_mailbox, device, mailbox, after, limit)

    def close(self) -> None:
        """Close what is held on this event loop."""
        if self._plain is not None:
            self._plain.close()
        if self._readers is not None:
            self._readers.close()


def _all_plain(items: Sequence[Item]) -> TypeGuard[Sequence[PlainItem]]:
    return all(isinstance(item, PlainItem) for item in items)
