"""The writer: what arrives while a transaction is in flight goes together into the next one."""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable

from messaging.batch import Accepted, Event, Item, Outcome, Result
from messaging.room import Room
from messaging.store import Store
from messaging.tally import tally
from talk2me import metrics
from talk2me.errors import Internal, StorageFailed

logger = logging.getLogger(__name__)

BATCH_ITEMS = 256
BATCH_BYTES = 512 * 1024
# A transaction that takes longer than this is worth a line in the log.
SLOW_SECONDS = 1.0
QUEUE_ITEMS = 1024
QUEUE_BYTES = 16 * 1024 * 1024

# A batch, and what became of it.
Written = tuple[list[Item], Outcome]


class Writer:
    """A bounded queue and the one loop that empties it.

    After its transaction `tell` gets the events of each batch, and `note` its items with their results.
    """

    def __init__(
        self,
        store: Store,
        room: Room,
        tell: Callable[[list[Event]], None],
        note: Callable[[list[Item], list[Result]], None] | None = None,
    ) -> None:
        self._tell = tell
        self._note = note
        self._room_maker = room
        self._store = store
        self._queue: deque[Item] = deque()
        self._queued_bytes = 0
        self._wake = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()
        metrics.queue_depth.set_function(self._queue.__len__)

    async def submit(self, item: Item) -> None:
        """Queue an item, whose `reply` is called after its transaction. Waits while the queue is full."""
        await self.room()
        self.put(item)

    def put(self, item: Item) -> None:
        """Queue an item at once; while `full` it is for the caller to wait for `room`."""
        self._queue.append(item)
        self._queued_bytes += item.size
        if self.full:
            self._room.clear()
        self._wake.set()

    async def room(self) -> None:
        """Wait until the queue is not full."""
        # Again after waking: of all who waited, the first may have filled it.
        while self.full:
            await self._room.wait()

    @property
    def full(self) -> bool:
        """Whether nobody should queue more."""
        return len(self._queue) >= QUEUE_ITEMS or self._queued_bytes >= QUEUE_BYTES

    async def run(self) -> None:
        """Write batch after batch, for ever.

        While the database works on one batch, the one before it is answered and told: so neither waits for the other.
        """
        while True:
            await self._wake.wait()
            self._wake.clear()
            stored: Written | None = None
            try:
                while self._queue:
                    items = self._take()
                    writing = asyncio.get_running_loop().create_task(self._write(items))
                    try:
                        # Its statements leave now; nobody waits for the database yet.
                        await asyncio.sleep(0)
                        self._answer(stored)
                        stored = None
                        stored = items, await writing
                    finally:
                        writing.cancel()
            finally:
                self._answer(stored)

    def _take(self) -> list[Item]:
        items = [self._queue.popleft()]
        size = items[0].size
        tally.peak("queue", len(self._queue))
        while self._queue and len(items) < BATCH_ITEMS and size + self._queue[0].size <= BATCH_BYTES:
            items.append(self._queue.popleft())
            size += items[-1].size
        self._queued_bytes -= size
        if not self.full:
            self._room.set()
        return items

    async def _write(self, items: list[Item]) -> Outcome:
        started = time.perf_counter()
        try:
            outcome = await self._store.write(items)
        except Exception:
            logger.exception("a batch was lost")
            outcome = Outcome(results=[Internal() for _ in items])
        _count(items, outcome.results, time.perf_counter() - started)
        return outcome

    def _answer(self, written: Written | None) -> None:
        if written is None:
            return
        items, outcome = written
        try:
            # Answers first: a browser knows its own envelope's sequence before the envelope comes back to it.
            for item, result in zip(items, outcome.results, strict=True):
                item.reply(result)
            if outcome.events:
                self._tell(outcome.events)
                if self._note is not None:
                    self._note(items, outcome.results)
            if outcome.crowded:
                self._room_maker.wanted(outcome.crowded)
        except Exception:
            # It is stored. Whoever got no answer sends again, and who was not told is found by the check.
            logger.exception("a batch was not told")


def _count(items: list[Item], results: list[Result], seconds: float) -> None:
    duplicates = sum(isinstance(result, Accepted) and result.duplicate for result in results)
    new = [item.size for item, result in zip(items, results, strict=True) if _is_new(result)]
    tally.add("envelopes", len(new))
    tally.add("envelope_bytes", sum(new))
    metrics.batch_seconds.observe(seconds)
    metrics.batch_size.observe(len(results))
    metrics.accepted.inc(len(new))
    metrics.duplicates.inc(duplicates)
    if seconds > SLOW_SECONDS:
        logger.warning("slow batch", extra={"envelopes": len(results), "seconds": round(seconds, 1)})
    if all(isinstance(result, StorageFailed | Internal) for result in results):
        metrics.batches_failed.inc()


def _is_new(result: Result) -> bool:
    return isinstance(result, Accepted) and not result.duplicate
