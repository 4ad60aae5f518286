"""What this process adds to the totals of the day (operators/front_page.py): numbers only, of everybody together."""

import asyncio
import contextlib
import logging

from messaging.threads import run_write
from operators.services.counts import Added, Peak, add_to_today
from talk2me.errors import StorageFailed

logger = logging.getLogger(__name__)

EVERY_SECONDS = 60.0
# At the end of a worker nobody waits for longer.
PATIENCE_SECONDS = 2.0


class Tally:
    """Counts in plain numbers; `run` is its task."""

    def __init__(self) -> None:
        self._added: dict[Added, int] = {}
        self._peaks: dict[Peak, int] = {}

    def add(self, name: Added, value: int) -> None:
        """Add to a total."""
        self._added[name] = self._added.get(name, 0) + value

    def peak(self, name: Peak, value: int) -> None:
        """Remember the most."""
        if value > self._peaks.get(name, 0):
            self._peaks[name] = value

    def heard(self, lag_seconds: float) -> None:
        """Count a wake-up and how late it was."""
        milliseconds = round(lag_seconds * 1000)
        self.add("wakeups", 1)
        self.add("wakeup_lag_ms", milliseconds)
        self.peak("wakeup_lag_peak_ms", milliseconds)

    async def run(self) -> None:
        """Write it down once a minute, for ever."""
        while True:
            await asyncio.sleep(EVERY_SECONDS)
            try:
                await self.flush()
            except Exception:
                logger.exception("the totals of the day were not written")

    async def finish(self) -> None:
        """Write it down at the end, if the database answers at once."""
        with contextlib.suppress(StorageFailed, TimeoutError):
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self.flush()

    async def flush(self) -> None:
        """Write down what was counted since the last time; what the database does not take is kept for the next."""
        added, peaks, self._added, self._peaks = self._added, self._peaks, {}, {}
        if not any(added.values()) and not peaks:
            return
        try:
            await run_write(add_to_today, added, peaks)
        except StorageFailed:
            for name, value in added.items():
                self.add(name, value)
            for most, value in peaks.items():
                self.peak(most, value)


# One for the process, as its metrics are.
tally = Tally()
