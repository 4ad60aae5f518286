"""Threads with database connections of their own, off Django's one shared thread.

One writes: SQLite has one writer anyway, and a single thread never waits for its own lock. Two read, so that a long
drain does not hold up a sign-in. Each keeps its connection; a broken one is closed and made anew by the next call.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import ParamSpec, TypeVar

from django.db import InterfaceError, OperationalError, connection

from talk2me.errors import StorageFailed

P = ParamSpec("P")
R = TypeVar("R")
READERS = 2

_writer = ThreadPoolExecutor(1, "messaging-write")
_readers = ThreadPoolExecutor(READERS, "messaging-read")


def _guarded(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    try:
        return work(*args, **kwargs)
    except (OperationalError, InterfaceError) as error:
        connection.close()
        raise StorageFailed from error


async def run_write(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run `work` in the writer's thread, after what waits there. Raises StorageFailed when the database does not."""
    return await asyncio.get_running_loop().run_in_executor(_writer, lambda: _guarded(work, *args, **kwargs))


async def run_read(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run `work` in a reader's thread. Raises StorageFailed when the database does not."""
    return await asyncio.get_running_loop().run_in_executor(_readers, lambda: _guarded(work, *args, **kwargs))


def close_connections() -> None:
    """Close the connection of each thread; for tests that throw their database away."""
    # Each reader waits for the other, so that none is asked twice.
    together = Barrier(READERS)
    waiting = [_writer.submit(_close), *(_readers.submit(_close, together.wait) for _ in range(READERS))]
    for future in waiting:
        future.result()


def _close(meet: Callable[[], object] = lambda: None) -> None:
    meet()
    connection.close()
