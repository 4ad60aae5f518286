"""Many devices at once: they connect, they talk, and in the end everyone has everything."""

import asyncio
import random
import secrets
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from tests.faults.database import read_mailboxes
from tests.faults.device import Device, Habits
from tests.faults.ledger import Ledger
from tests.faults.people import Place

COMMITS = 0.03
SETTLE_SECONDS = 90.0


class Traffic:
    """`running` connects the devices; `load` lets them talk, `settle` waits until all has arrived, `judge` looks."""

    def __init__(self, place: Place, ports: list[int], habits: Habits | None = None) -> None:
        self.place = place
        self.ledger = Ledger()
        self.habits = habits or Habits()
        self.devices = [Device(person, place, ports, self.ledger, self.habits) for person in place.people]
        self.commits = COMMITS
        self._began = time.monotonic()

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Traffic"]:
        """Let every device live, and end with none left."""
        lives = [asyncio.create_task(device.run()) for device in self.devices]
        try:
            await self.until(lambda: all(device.online for device in self.devices), "everyone is connected")
            yield self
        finally:
            for life in lives:
                life.cancel()
            await asyncio.gather(*lives, return_exceptions=True)

    @asynccontextmanager
    async def load(self, rate: float, size: int = 1024) -> AsyncIterator[None]:
        """Let everyone write while the body runs: `rate` envelopes a second together, of up to `size` bytes."""
        writing = asyncio.create_task(self._write(rate, size))
        try:
            yield
        finally:
            writing.cancel()
            with suppress(asyncio.CancelledError):
                await writing

    async def _write(self, rate: float, size: int) -> None:
        while True:
            device = random.choice(self.devices)  # noqa: S311 - nothing secret
            # A person does not write on and on while nothing leaves; nor would the test end soon.
            if len(device.outbox.waiting) < 40:
                mailbox = random.choice(list(device.inbox.cursors))  # noqa: S311
                kind = "commit" if random.random() < self.commits else "application"  # noqa: S311
                device.outbox.put(mailbox, secrets.token_bytes(random.randint(1, size)), kind)  # noqa: S311
            await asyncio.sleep(random.expovariate(rate))

    async def accepted(self, more: int) -> None:
        """Wait until so many more envelopes have been accepted: whatever happens next happens under load."""
        enough = len(self.ledger.accepted) + more
        await self.until(lambda: len(self.ledger.accepted) >= enough, f"{more} more are accepted")

    async def at_acceptance(self, act: Callable[[], None]) -> None:
        """Do something the moment an answer says that something is durable: what only seems so is then lost."""
        self.ledger.at_acceptance = act
        await self.until(lambda: self.ledger.at_acceptance is None, "something is accepted")

    async def offers(self, more: int) -> None:
        """Wait until so many more envelopes have been written, whatever becomes of them."""
        enough = len(self.ledger.offered) + more
        await self.until(lambda: len(self.ledger.offered) >= enough, f"{more} more are written")

    async def until(self, true: Callable[[], bool], what: str, seconds: float = SETTLE_SECONDS) -> None:
        """Wait for a condition. Raises AssertionError when it does not come true."""
        deadline = time.monotonic() + seconds
        while not true():
            if time.monotonic() > deadline:
                raise AssertionError(f"it never came to this: {what}\n{self._state()}")
            await asyncio.sleep(0.02)

    async def settle(self, seconds: float = SETTLE_SECONDS) -> None:
        """Wait until everything sent was answered and everything accepted was read; nobody asks more than a browser."""
        self.habits.hop_seconds = None
        await self.until(lambda: not self._unanswered() and not self.unread(), "all is answered and read", seconds)

    def everyone_hops(self) -> None:
        """Let each device drop its connection and come back."""
        for device in self.devices:
            device.hop()

    def told_later(self, code: str) -> int:
        """How often senders were told this code, after which they try again."""
        return self.ledger.told_later[code]

    def told_for_good(self, code: str) -> int:
        """How many envelopes were refused with this code."""
        return sum(one == code for one in self.ledger.refused.values())

    def goodbyes(self) -> Counter[str]:
        """Why connections ended, as the server said; `cut off` where it said nothing."""
        return sum((device.closed_with for device in self.devices), Counter())

    def nobody_was_cut_off(self) -> None:
        """Fail unless each device still has its first connection; ask after `running`, which ends that one too."""
        again = [device.name for device in self.devices if device.connections > 1]
        assert not again, f"{again} had to come back"

    def judge(self, database_url: str) -> None:
        """Print the figures, and fail unless the books agree with each other and with the database."""
        stored = read_mailboxes(database_url)
        readers = {mailbox: [one.name for one in who] for mailbox, who in self.place.conversations.items()}
        wrong = self.ledger.judge(readers, stored)
        for mailbox, found in stored.items():
            cleared = found.slot - len(found.commit_slots)
            if found.commit_slots != list(range(cleared + 1, found.slot + 1)):
                wrong.append(f"{mailbox.hex()[:8]} in slot {found.slot} has commits with slots {found.commit_slots}")
        print(f"\n    {self.summary()}")  # noqa: T201 - pytest shows it with -s, and when something is wrong
        assert not wrong, "\n".join(wrong[:20])
        assert self.ledger.accepted, "nothing was accepted at all"

    def summary(self) -> str:
        """Return the figures in one line."""
        return (
            f"{self.ledger.summary()}; {sum(device.outbox.sent_again for device in self.devices)} sent again;"
            f" {sum(device.inbox.drains for device in self.devices)} drains;"
            f" {sum(device.connections for device in self.devices)} connections ({dict(self.goodbyes())});"
            f" {time.monotonic() - self._began:.1f} s"
        )

    def _unanswered(self) -> int:
        return sum(len(device.outbox.waiting) for device in self.devices)

    def unread(self) -> list[str]:
        heads = self.ledger.heads
        return [
            f"{device.name} (online: {device.online}, worker at {device.port}) at {cursor.sequence} of {heads[mailbox]}"
            for device in self.devices
            for mailbox, cursor in device.inbox.cursors.items()
            if cursor.sequence < heads.get(mailbox, 0)
        ]

    def _state(self) -> str:
        unread = "\n".join(self.unread()[:20])
        return f"{self.summary()}\n{self._unanswered()} not answered; not read:\n{unread}"
