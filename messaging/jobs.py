"""What messaging does by itself from time to time."""

import asyncio
import logging

from messaging.services.expire_envelopes import expire_step
from messaging.threads import run_write
from talk2me.errors import Talk2meError

logger = logging.getLogger(__name__)


async def expire_all() -> None:
    """Clear away everything that is due; between the pieces others may write."""
    more = True
    while more:
        more = await run_write(expire_step)


async def run_expiry(interval_seconds: float) -> None:
    """Clear away what is due, for ever; a failure is logged and tried again."""
    while True:
        try:
            await expire_all()
        except Talk2meError:
            logger.exception("expiry failed")
        await asyncio.sleep(interval_seconds)
