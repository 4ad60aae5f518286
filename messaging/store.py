"""Which way a batch takes into the database: one place for what the two databases differ in."""

from collections.abc import Sequence
from typing import TypeGuard

from django.db import connection

from messaging.batch import Item, Outcome, PlainItem
from messaging.postgresql.write_plain import PlainWriter
from messaging.services.write_batch import write_batch
from messaging.threads import run_write


class Store:
    """On PostgreSQL, batches without commits go straight from the event loop; everything else by the writer's thread.

    One batch at a time: who calls waits for the one before.
    """

    def __init__(self) -> None:
        self._plain = PlainWriter() if connection.vendor == "postgresql" else None

    async def write(self, items: Sequence[Item]) -> Outcome:
        """Store a batch; return a result for each item, in order. Raises StorageFailed when none was stored."""
        if self._plain is not None and _all_plain(items):
            return await self._plain.write(items)
        return await run_write(write_batch, items)

    def close(self) -> None:
        """Close what is held on this event loop."""
        if self._plain is not None:
            self._plain.close()


def _all_plain(items: Sequence[Item]) -> TypeGuard[Sequence[PlainItem]]:
    return all(isinstance(item, PlainItem) for item in items)
