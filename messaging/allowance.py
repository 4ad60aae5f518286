"""How much one account may have stored in an hour, whichever mailboxes it is in and whichever worker it speaks to."""

import asyncio
import time
from contextlib import suppress

from talk2me import limits
from talk2me.errors import RateLimited

# Counted together up to here: counting costs more than taking in a small envelope.
COUNTED_BYTES = 16 * 1024
KIB = 1024


class Allowance:
    """The bytes that one socket has sent and that have not been counted yet.

    Where counts are in Redis, nobody waits for it: the answer holds for what comes after it.
    """

    __slots__ = ("_refused_until", "_task", "_uncounted")

    def __init__(self) -> None:
        self._uncounted = 0
        self._refused_until = 0.0
        self._task: asyncio.Task[None] | None = None

    def take(self, account: bytes, size: int) -> None:
        """Count `size` bytes that are to be stored. Raises RateLimited, and then they are not to be stored."""
        if self._refused_until:
            left = self._refused_until - time.monotonic()
            if left > 0:
                raise RateLimited(retry_after=max(1, round(left)))
            self._refused_until = 0.0
        self._uncounted += size
        if self._uncounted < COUNTED_BYTES:
            return
        cost, self._uncounted = self._uncounted // KIB, self._uncounted % KIB
        if limits.is_local():
            limits.hit("stored", account, cost=cost)
        elif self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._count(account, cost))
        else:
            # Redis is slow: count them together with the next.
            self._uncounted += cost * KIB

    def settle(self, account: bytes) -> None:
        """Count what is left when the socket closes."""
        cost, self._uncounted = -(-self._uncounted // KIB), 0
        if not cost:
            return
        if limits.is_local():
            with suppress(RateLimited):
                limits.hit("stored", account, cost=cost)
        else:
            limits.hit_later("stored", account, cost=cost)

    async def _count(self, account: bytes, cost: int) -> None:
        try:
            await asyncio.to_thread(limits.hit, "stored", account, cost=cost)
        except RateLimited as error:
            self._refused_until = time.monotonic() + (error.retry_after or 1)
        finally:
            self._task = None
