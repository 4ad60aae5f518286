"""Who is told by push: devices for which something waits and that don't fetch it.

Each worker takes note of the mailboxes it has written to. A moment later it asks the database which of their devices
have not acknowledged that, wherever their sockets are or were, and tells these once, until they have been here again.
What a worker that dies had noted is told with the next envelope.
"""

import asyncio
import logging
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import NamedTuple

from django.conf import settings

from messaging.batch import Accepted, Item, Result
from messaging.models import EnvelopeKind
from messaging.push_client import push
from messaging.services import push_subscriptions as subscriptions
from messaging.threads import run_read, run_write
from talk2me import metrics
from talk2me.errors import StorageFailed

logger = logging.getLogger(__name__)

TURN_SECONDS = 1.0
MAILBOXES = 10_000
MAILBOXES_TOGETHER = 100
# So many exchanges with push services at once, and so many devices that wait for one.
SENDERS = 4
DEVICES_WAITING = 1000


class Noted(NamedTuple):
    """`since` in monotonic seconds, the first sequence that nobody has been told of, and who wrote; b"" for several."""

    since: float
    sequence: int
    account: bytes


class PushQueue:
    """Lives on one event loop; `run` is its task."""

    def __init__(self) -> None:
        # In the order of time.
        self._noted: dict[bytes, Noted] = {}
        self._came: set[bytes] = set()
        self._on = bool(settings.PUSH_KEY)
        self._senders = ThreadPoolExecutor(SENDERS, "messaging-push")
        self._sending: set[asyncio.Task[None]] = set()

    def note(self, items: Sequence[Item], results: Sequence[Result]) -> None:
        """Take note of what was written. Commits alone wake nobody."""
        if not self._on:
            return
        for item, result in zip(items, results, strict=True):
            if isinstance(result, Accepted) and not result.duplicate and _wakes(item):
                self._note(item.mailbox, result.sequence, item.account)

    def came(self, device: bytes) -> None:
        """Hear that a device is here."""
        if self._on:
            self._came.add(device)

    async def run(self) -> None:
        """Tell who is to be told, for ever."""
        while self._on:
            await asyncio.sleep(TURN_SECONDS)
            try:
                await self.turn()
            except StorageFailed:
                # Whoever needs the database notices; the next envelope is noted again.
                pass
            except Exception:
                logger.exception("a turn of the pushes failed")

    async def turn(self) -> None:
        """Tell those for whom something has waited long enough."""
        came, self._came = self._came, set()
        due = self._take_due()
        if (not came and not due) or not await run_read(subscriptions.anybody_subscribed):
            return
        if told := await run_read(subscriptions.devices_told, came):
            await run_write(subscriptions.devices_came, told)
        mailboxes = iter(due.items())
        while some := dict(islice(mailboxes, MAILBOXES_TOGETHER)):
            await self._tell(some)

    async def stop(self) -> None:
        """Wait for what is being sent, which is not long."""
        await asyncio.gather(*self._sending, return_exceptions=True)
        self._senders.shutdown(wait=False)

    def _note(self, mailbox: bytes, sequence: int, account: bytes) -> None:
        known = self._noted.get(mailbox)
        if known is None:
            if len(self._noted) < MAILBOXES:
                self._noted[mailbox] = Noted(time.monotonic(), sequence, account)
        elif known.account not in (account, b""):
            self._noted[mailbox] = known._replace(account=b"")

    def _take_due(self) -> dict[bytes, Noted]:
        before = time.monotonic() - settings.PUSH_AFTER_SECONDS
        due: dict[bytes, Noted] = {}
        for mailbox, noted in self._noted.items():
            if noted.since > before:
                break
            due[mailbox] = noted
        for mailbox in due:
            del self._noted[mailbox]
        return due

    async def _tell(self, due: dict[bytes, Noted]) -> None:
        sequences = {mailbox: noted.sequence for mailbox, noted in due.items()}
        behind = await run_read(subscriptions.devices_behind, sequences)
        # What somebody wrote needs not be told to their own other devices.
        devices = {device for mailbox, account, device in behind if account != due[mailbox].account}
        room = DEVICES_WAITING - len(self._sending)
        wanted = sorted(devices)[: max(0, room)]
        for device, endpoint in await run_write(subscriptions.take_devices, wanted) if wanted else []:
            task = asyncio.get_running_loop().create_task(self._push(device, endpoint))
            self._sending.add(task)
            task.add_done_callback(self._sending.discard)

    async def _push(self, device: bytes, endpoint: str) -> None:
        outcome = await asyncio.get_running_loop().run_in_executor(self._senders, push, endpoint)
        metrics.pushes.labels(outcome).inc()
        if outcome == "gone":
            await run_write(subscriptions.forget_endpoint, device, endpoint)


def _wakes(item: Item) -> bool:
    return getattr(item, "kind", EnvelopeKind.COMMIT) == EnvelopeKind.APPLICATION
