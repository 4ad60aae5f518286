"""One worker's way to the others and back, through the channel layer.

The layer wakes, the database remembers: nothing may depend on what goes through it. So that a loss is seen, each worker
numbers what it has to tell and gives signs of life; who hears a jump, a new worker, or one falling silent, compares
with the database (messaging.check). Each hears its own signs of life too: who doesn't has lost the layer and connects
anew. While that lasts, and while nobody else is there, nothing is encoded or queued, only counted.
"""

import asyncio
import logging
import secrets
import time
from collections import deque
from collections.abc import Callable, Coroutine, Iterable
from contextlib import suppress
from typing import Any

import msgspec
from asgiref.sync import async_to_sync

from messaging import wakeup_format
from messaging.layer import PATIENCE_SECONDS, Layer, tell_everybody
from messaging.peers import SILENT_SECONDS, Peers
from messaging.tally import tally
from messaging.wakeup_format import Publication, WakeUp
from talk2me import metrics, parts

logger = logging.getLogger(__name__)

QUEUED = 1024
QUEUED_BYTES = 8 * 1024 * 1024
PUBLICATION_BYTES = 256 * 1024
BEAT_SECONDS = 2.0
# A publication costs several times what an envelope in it does. So the next one waits this long, unless much gathers.
GATHER_SECONDS = 0.005
GATHERED = 64
RETRY_SECONDS = 1.0
# A worker that starts waits so long for the layer, then goes on without.
START_SECONDS = 2.0
# One that ends waits so long until the others have been told everything.
FINISH_SECONDS = 1.0


class NotHeard(Exception):
    """What was published did not come back."""


def publish_from_outside(wakeup: WakeUp) -> None:
    """Tell all workers, from a thread of a process that runs none; never fails, because a hint is all it is."""
    try:
        async_to_sync(tell_everybody)(wakeup)
    except Exception as error:  # noqa: BLE001 - whatever the layer raises
        logger.warning("a wake-up was lost: %s", type(error).__name__)


class Wakeups:
    """`act` gets what the others told; `missed` is called when there may be something that nobody will tell."""

    def __init__(self, act: Callable[[WakeUp], None], missed: Callable[[], None]) -> None:
        self._act = act
        self._missed = missed
        self._origin = secrets.token_bytes(8)
        self._peers = Peers()
        self._layer = Layer(self._origin)
        self._up = asyncio.Event()
        self._was_up = False
        self._heard_itself = 0.0
        # Of all there ever was to tell, told or not.
        self._number = 0
        self._queue: deque[WakeUp] = deque()
        self._queued_bytes = 0
        self._telling = False
        self._wake = asyncio.Event()
        # When to give the next sign of life, in monotonic seconds.
        self._next_sign = 0.0

    @property
    def listened(self) -> bool:
        """Whether anybody would hear."""
        return self._up.is_set() and len(self._peers) > 0

    def publish(self, wakeups: Iterable[WakeUp]) -> None:
        """Queue something for the other workers. Never waits: what the layer can't take is dropped and counted."""
        for wakeup in wakeups:
            self._number += 1
            if not self.listened:
                self._clear()
                continue
            told = wakeup_format.as_told(wakeup)
            if len(self._queue) >= QUEUED or self._queued_bytes >= QUEUED_BYTES:
                metrics.wakeups_dropped.labels("queue_full").inc(len(self._queue))
                self._clear()
            self._queue.append(told)
            self._queued_bytes += wakeup_format.size(told)
            self._wake.set()

    async def run(self) -> None:
        """Hear and be heard, for ever; connect again when that ends."""
        try:
            while True:
                try:
                    await self._open()
                    await _until_one_fails(self._send(), self._listen())
                except Exception as error:  # noqa: BLE001 - whatever the layer raises, the way on is the same
                    self._fail(error)
                await asyncio.sleep(RETRY_SECONDS)
        finally:
            self._up.clear()

    async def started(self) -> None:
        """Wait until this worker is heard, but not for long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(START_SECONDS):
                await self._up.wait()

    async def finish(self) -> None:
        """Tell what waits, unless that takes long; what happens after this nobody is told."""
        for _ in range(round(FINISH_SECONDS / GATHER_SECONDS)):
            if not self._queue and not self._telling:
                return
            await asyncio.sleep(GATHER_SECONDS)

    async def leave(self) -> None:
        """Hear nothing more."""
        await self._layer.leave()

    async def _open(self) -> None:
        await self._layer.open(self._peers.origins())
        self._heard_itself = time.monotonic()
        self._next_sign = 0.0

    async def _send(self) -> None:
        """Tell what gathers while the last publication is on its way, and now and then give a sign of life."""
        while True:
            if time.monotonic() >= self._next_sign:
                self._next_sign = time.monotonic() + BEAT_SECONDS
                await self._layer.show(self._number - len(self._queue))
                await self._look_around()
            if self._queue:
                told = time.monotonic()
                publication = self._take()
                self._telling = True
                await self._layer.tell(publication)
                self._telling = False
                metrics.wakeups_sent.inc(len(publication.wakeups))
                if len(self._queue) < GATHERED:
                    await asyncio.sleep(GATHER_SECONDS - (time.monotonic() - told))
            else:
                self._wake.clear()
                with suppress(TimeoutError):
                    async with asyncio.timeout(max(0.0, self._next_sign - time.monotonic())):
                        await self._wake.wait()

    async def _look_around(self) -> None:
        if time.monotonic() - self._heard_itself > SILENT_SECONDS:
            raise NotHeard
        silent = self._peers.forget_silent()
        for origin in silent:
            await self._layer.ignore(origin)
        if silent:
            # It may have died with something untold.
            self._missed()

    def _take(self) -> Publication:
        before = self._number - len(self._queue)
        wakeups: list[WakeUp] = []
        size = 0
        while self._queue and size < PUBLICATION_BYTES:
            wakeups.append(self._queue.popleft())
            size += wakeup_format.size(wakeups[-1])
        self._queued_bytes -= size
        return Publication(before, time.time(), wakeups)

    def _clear(self) -> None:
        self._queue.clear()
        self._queued_bytes = 0

    async def _listen(self) -> None:
        while True:
            origin, body = await self._layer.receive()
            if origin == self._origin:
                self._hear_itself()
            else:
                await self._hear(origin, body)
            # The layer does not wait while it has something: the sockets have their turn.
            await asyncio.sleep(0)

    def _hear_itself(self) -> None:
        self._heard_itself = time.monotonic()
        if self._up.is_set():
            return
        self._up.set()
        parts.back("channel_layer")
        if self._was_up:
            self._missed()
        self._was_up = True

    async def _hear(self, origin: bytes, body: bytes) -> None:
        try:
            publication = wakeup_format.decode(body)
        except msgspec.MsgspecError:
            metrics.wakeups_dropped.labels("unreadable").inc()
            self._missed()
            return
        metrics.wakeups_heard.inc(len(publication.wakeups))
        lag = max(0.0, time.time() - publication.at)
        metrics.wakeup_lag.observe(lag)
        tally.heard(lag)
        if origin:
            if not self._peers.knows(origin):
                await self._layer.hear(origin)
                # It shall know of this one too.
                self._next_sign = 0.0
                self._wake.set()
            if not self._peers.heard(origin, publication.before, len(publication.wakeups)):
                self._missed()
        for wakeup in publication.wakeups:
            try:
                self._act(wakeup)
            except Exception:
                logger.exception("a wake-up failed")

    def _fail(self, error: Exception) -> None:
        parts.lost("channel_layer", error)
        self._telling = False
        metrics.wakeups_dropped.labels("layer_failed").inc(len(self._queue))
        self._up.clear()
        self._clear()


async def _until_one_fails(*work: Coroutine[Any, Any, None]) -> None:
    """Run all until one ends, end the others and raise what it raised."""
    tasks = [asyncio.get_running_loop().create_task(one) for one in work]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        # The layer may wait for Redis even to be cancelled.
        await asyncio.wait(tasks, timeout=PATIENCE_SECONDS)
