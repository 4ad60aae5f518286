"""Whether this process can serve: its database, the migrations in it, and its channel layer."""

import asyncio
import logging
import threading
import time
from contextlib import suppress
from typing import Literal

from channels.layers import InMemoryChannelLayer, get_channel_layer
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from talk2me.metric_labels import Part

logger = logging.getLogger(__name__)

# A check costs a database connection and a publication: whoever asks more often gets the last answer again.
CACHED_SECONDS = 1.0
PART_SECONDS = 2.0
CHANNEL = "readiness"

Lack = Part | Literal["migrations", "stopping"]


class Readiness:
    """Asks each part, at most once a second, and never waits longer than PART_SECONDS for one."""

    def __init__(self) -> None:
        self._check: asyncio.Task[list[Lack]] | None = None
        self._checked = 0.0
        self._asking_database = False
        self._migrated = False
        self._last: list[Lack] = []

    async def lacking(self) -> list[Lack]:
        """Return what is missing; nothing, if this process can serve."""
        if _stopping.is_set():
            return ["stopping"]
        running = self._check is not None and not self._check.done()
        if self._check is None or (not running and time.monotonic() - self._checked > CACHED_SECONDS):
            self._check = asyncio.get_running_loop().create_task(self._ask())
        # Who asked may go away; others wait for the same answer.
        return await asyncio.shield(self._check)

    async def _ask(self) -> list[Lack]:
        found = await asyncio.gather(self._database(), self._channel_layer())
        lacking = [lack for lack in found if lack is not None]
        self._checked = time.monotonic()
        if lacking != self._last:
            if lacking:
                logger.warning("not ready", extra={"part": " ".join(lacking)})
            else:
                logger.info("ready again")
        self._last = lacking
        return lacking

    async def _database(self) -> Lack | None:
        """Ask in a thread of its own: one that hangs holds up neither this loop, nor Django's thread, nor the end."""
        if self._asking_database:
            return "database"
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Lack | None] = loop.create_future()

        def settle(found: Lack | None) -> None:
            self._asking_database = False
            if not answer.done():
                answer.set_result(found)

        def work() -> None:
            found = self._ask_database()
            # The loop may be gone by now.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(settle, found)

        self._asking_database = True
        threading.Thread(target=work, name="readiness", daemon=True).start()
        try:
            return await asyncio.wait_for(answer, PART_SECONDS)
        except TimeoutError:
            return "database"

    def _ask_database(self) -> Lack | None:
        try:
            if not self._migrated:
                executor = MigrationExecutor(connection)
                self._migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM django_migrations")
        except Exception:  # noqa: BLE001 - whatever it is, it can't be used
            return "database"
        finally:
            connection.close()
        return None if self._migrated else "migrations"

    async def _channel_layer(self) -> Lack | None:
        layer = get_channel_layer()
        if isinstance(layer, InMemoryChannelLayer):
            return None
        try:
            # Nobody listens: whether it can be said is the question.
            await asyncio.wait_for(layer.send(CHANNEL, {"type": CHANNEL}), PART_SECONDS)
        except Exception:  # noqa: BLE001 - whatever it is, it can't be used
            return "channel_layer"
        return None


_stopping = threading.Event()


def begin_stopping() -> None:
    """Say from now on that this process is not ready; it ends soon."""
    _stopping.set()
