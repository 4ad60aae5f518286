"""How much of what is stored may be one account's share (docs/decisions/quotas.md).

Asked of the database only now and then, beside the sending: an account may go over by what it sends meanwhile.
"""

import asyncio
import logging
import time

from msgspec import Struct

from messaging.selectors import has_full_share
from messaging.threads import run_read
from talk2me.errors import QuotaReached, Talk2meError

logger = logging.getLogger(__name__)

# An account's share is asked for when it has sent so much since; one that has reached its quota is asked again so soon.
LOOK_BYTES = 1024 * 1024
AGAIN_SECONDS = 10.0
# Of so many accounts at most is anything remembered; forgetting one lets it send LOOK_BYTES more.
REMEMBERED = 10_000


class _Account(Struct):
    unasked: int = 0
    is_full: bool = False
    asked_at: float = 0.0
    asking: bool = False


class AccountQuotas:
    """What this worker knows of the accounts that send here. Lives on one event loop."""

    def __init__(self) -> None:
        self._accounts: dict[bytes, _Account] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def take(self, account: bytes, size: int) -> None:
        """Count bytes that are to be stored. Raises QuotaReached, and then they are not to be stored."""
        known = self._accounts.get(account)
        if known is None:
            if len(self._accounts) >= REMEMBERED:
                self._accounts.clear()
            known = self._accounts[account] = _Account()
        known.unasked += size
        if known.unasked >= LOOK_BYTES or known.is_full:
            self._look(account, known)
        if known.is_full:
            raise QuotaReached

    async def stop(self) -> None:
        """Wait for what is being asked."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _look(self, account: bytes, known: _Account) -> None:
        if known.asking or (known.is_full and time.monotonic() < known.asked_at + AGAIN_SECONDS):
            return
        known.asking, known.unasked = True, 0
        task = asyncio.ensure_future(self._ask(account, known))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _ask(self, account: bytes, known: _Account) -> None:
        try:
            known.is_full = await run_read(has_full_share, account)
        except Talk2meError:
            logger.warning("an account's share could not be asked for")
        finally:
            known.asking, known.asked_at = False, time.monotonic()
