"""What a worker does when it has started, and before it ends: the same on every ASGI server."""

import asyncio
import gc

from messaging.farewell import say_farewell
from messaging.worker import this_worker

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


async def end() -> None:
    """Send everybody away, answer and write what is under way."""
    worker = this_worker()
    try:
        async with asyncio.timeout(LAST_SECONDS):
            await say_farewell(worker)
            await worker.stop()
    except TimeoutError:
        # Whoever waits for an answer sends again.
        pass
