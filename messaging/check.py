"""Comparing what sockets were told with what the database holds: makes good what no wake-up told.

Now and then, and at once when something may have been missed. It reads the live subscriptions of the devices that have
sockets here, a bounded number of devices for each statement, and tells those that are behind; they drain.
"""

import asyncio
import logging
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice

from django.conf import settings

from keys.selectors import accounts_of_devices
from messaging.registry import Registry
from messaging.selectors import Live, last_sequences, live_subscriptions
from messaging.session import Session
from messaging.threads import run_read
from talk2me import metrics
from talk2me.errors import StorageFailed

logger = logging.getLogger(__name__)

DEVICES = 50
# A difference this young may be a batch whose events are still on their way.
SETTLE_SECONDS = 0.25
# Between two checks, however much is missed.
LEAST_SECONDS = 1.0


@dataclass
class Differences:
    """What sockets have not been told."""

    behind: list[tuple[bytes, int, int]] = field(default_factory=list)
    begun: list[tuple[Session, bytes, int, int]] = field(default_factory=list)
    ended: list[tuple[Session, bytes]] = field(default_factory=list)
    inactive: list[Session] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.behind or self.begun or self.ended or self.inactive)


class Check:
    """`run` is its task. `announce` is called first when something may have been missed."""

    def __init__(self, registry: Registry, announce: Callable[[], None]) -> None:
        self._registry = registry
        self._announce = announce
        self._demanded = asyncio.Event()

    def soon(self) -> None:
        """Check at once: something may have been missed."""
        self._demanded.set()

    async def run(self) -> None:
        """Check for ever."""
        while True:
            with suppress(TimeoutError):
                # Workers that were started together need not ask together.
                async with asyncio.timeout(settings.WAKEUP_CHECK_SECONDS * random.uniform(0.75, 1.25)):  # noqa: S311
                    await self._demanded.wait()
            try:
                if self._demanded.is_set():
                    self._demanded.clear()
                    self._announce()
                await self.once()
            except StorageFailed:
                # Whoever needs the database notices; the next turn comes.
                pass
            except Exception:
                logger.exception("a check failed")
            await asyncio.sleep(LEAST_SECONDS)

    async def once(self) -> None:
        """Compare all sockets with the database, and tell what is missing."""
        registry = self._registry
        registry.changed.clear()
        found = Differences()
        sessions = iter([session for session in registry.by_device.values() if session not in registry.loading])
        for some in _groups(sessions, DEVICES):
            devices = [session.device for session in some]
            live = await run_read(live_subscriptions, devices)
            active = await run_read(accounts_of_devices, devices)
            found.inactive += [session for session in some if session.device not in active]
            self._compare(some, live, found)
        if found:
            await asyncio.sleep(SETTLE_SECONDS)
            await self._tell(found)

    def _compare(self, sessions: Sequence[Session], live: Sequence[Live], found: Differences) -> None:
        told, by_device = self._registry.told, {session.device: session for session in sessions}
        reading = dict.fromkeys(sessions, 0)
        for device, mailbox, head, slot in live:
            session = by_device[device]
            if mailbox not in session.mailboxes:
                found.begun.append((session, mailbox, head, slot))
                continue
            reading[session] += 1
            known = told.get(mailbox)
            if known is None or known.head < head or known.slot < slot:
                found.behind.append((mailbox, head, slot))
        for session, count in reading.items():
            if count < len(session.mailboxes):
                present = {mailbox for device, mailbox, _, _ in live if device == session.device}
                found.ended += [(session, mailbox) for mailbox in session.mailboxes - present]

    async def _tell(self, found: Differences) -> None:
        registry = self._registry
        lasts = await run_read(last_sequences, [(session.device, mailbox) for session, mailbox in found.ended])
        # Whatever was changed by an event meanwhile is newer than what was read.
        changed = registry.changed
        registry.end_devices([session.device for session in found.inactive if self._present(session)], "device_revoked")
        count = 0
        for session, mailbox in found.ended:
            if mailbox not in changed and self._present(session):
                registry.end(session, mailbox, lasts.get((session.device, mailbox), 0))
        for session, mailbox, head, slot in found.begun:
            if mailbox not in changed and self._present(session):
                registry.begin(session, mailbox, head, slot)
                count += 1
        for mailbox, head, slot in found.behind:
            count += registry.tell_head(mailbox, head, slot)
        metrics.gap_drains.inc(count)

    def _present(self, session: Session) -> bool:
        return self._registry.by_device.get(session.device) is session


def _groups(sessions: Iterator[Session], count: int) -> Iterator[list[Session]]:
    while group := list(islice(sessions, count)):
        yield group
