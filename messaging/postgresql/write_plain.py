"""The writer's batches on PostgreSQL, as long as no commit is among them: what messaging.services.write_batch does."""

import logging
from collections.abc import Sequence

import psycopg

from messaging.batch import Outcome, PlainItem
from messaging.postgresql import batch
from messaging.postgresql.pipeline import Pipeline
from messaging.services.accept_envelopes import accept_envelopes, news
from talk2me import parts
from talk2me.errors import Internal, StorageFailed

logger = logging.getLogger(__name__)


class PlainWriter:
    """Keeps one connection; a broken one is replaced by the next batch."""

    def __init__(self) -> None:
        self._pipeline: Pipeline | None = None

    async def write(self, items: Sequence[PlainItem]) -> Outcome:
        """Store what may be stored, in one transaction, and return a result for each item, in order.

        If PostgreSQL refuses the batch as such, each item gets a transaction of its own, so that one that can't be
        stored does not take the others with it.
        """
        try:
            outcome = await self._write(items)
        except (psycopg.OperationalError, psycopg.InterfaceError, OSError) as error:
            # Gone, full or too slow: trying each item would fail as often. Browsers send again what was not accepted.
            parts.lost("database", error)
            self.close()
            return Outcome(results=[StorageFailed() for _ in items])
        except psycopg.DatabaseError:
            if len(items) == 1:
                logger.exception("an envelope could not be stored")
                return Outcome(results=[StorageFailed()])
        except Exception:
            logger.exception("a batch failed")
            # Its transaction may be open, and hold its mailboxes.
            self.close()
            if len(items) == 1:
                return Outcome(results=[Internal()])
        else:
            parts.back("database")
            return outcome
        outcome = Outcome()
        for item in items:
            alone = await self.write([item])
            outcome.results += alone.results
            outcome.events += alone.events
            outcome.crowded |= alone.crowded
        return outcome

    async def _write(self, items: Sequence[PlainItem]) -> Outcome:
        if self._pipeline is None or self._pipeline.broken:
            self._pipeline = await Pipeline.open(batch.STATEMENTS)
        present = await batch.look(self._pipeline, items)
        outcome = Outcome()
        rows = accept_envelopes(items, present, outcome)
        if rows:
            changed = {row.mailbox for row in rows}
            await batch.store(self._pipeline, rows, [present.mailboxes[id_] for id_ in changed])
            outcome.events += news(rows, present.mailboxes)
        else:
            await batch.leave(self._pipeline)
        return outcome

    def close(self) -> None:
        """Close the connection; the next batch opens another one."""
        if self._pipeline is not None:
            self._pipeline.close()
            self._pipeline = None
