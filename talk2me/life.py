"""What a worker does when it has started, and before it ends: the same on every ASGI server."""

import asyncio
import gc
import logging

from messaging.farewell import say_farewell
from messaging.worker import this_worker
from talk2me.readiness import begin_stopping

logger = logging.getLogger(__name__)

# Python's own is 700: with thousands of sockets, looking through all that lives for what might be garbage took a tenth
# of the time, and there is next to none.
COLLECT_AFTER = 50_000
# From the signal to the end, whatever hangs; farewell takes less.
LAST_SECONDS = 9.0


async def begin() -> None:
    """Start the worker of this event loop."""
    await this_worker().start()
    gc.collect()
    # What is there now stays: it need not be looked through again.
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER, 20, 50)
    logger.info("worker started")


async def end() -> None:
    """Send everybody away, answer and write what is under way."""
    worker = this_worker()
    begin_stopping()
    logger.info("worker stopping")
    try:
        async with asyncio.timeout(LAST_SECONDS):
            await say_farewell(worker)
            await worker.stop()
    except TimeoutError:
        # Whoever waits for an answer sends again.
        logger.warning("worker stopped before everything was answered")
    else:
        logger.info("worker stopped")
