"""A few connections to read with; who asks while all are busy waits for the first that is free."""

import asyncio
import logging
from collections.abc import Mapping

import psycopg

from messaging.postgresql.pipeline import Pipeline, Query, Rows
from talk2me.errors import StorageFailed

logger = logging.getLogger(__name__)


class Pool:
    """At most `size` connections, opened when needed; a broken one is replaced."""

    def __init__(self, statements: Mapping[bytes, str], size: int) -> None:
        self._statements = statements
        self._free: list[Pipeline] = []
        self._places = asyncio.Semaphore(size)
        self._failing = False

    async def trip(self, *queries: Query) -> list[Rows]:
        """Run prepared statements, (name, binary parameters) each; return the rows of each. Raises StorageFailed."""
        async with self._places:
            try:
                pipeline = self._free.pop() if self._free else await Pipeline.open(self._statements)
                try:
                    rows = await pipeline.trip(*queries)
                finally:
                    if not pipeline.broken:
                        self._free.append(pipeline)
            except (psycopg.Error, OSError) as error:
                if not self._failing:
                    # Once, and not for everyone who waits.
                    logger.exception("PostgreSQL could not be asked")
                self._failing = True
                raise StorageFailed from error
            self._failing = False
            return rows

    def close(self) -> None:
        """Close what is open; later trips open anew."""
        while self._free:
            self._free.pop().close()
