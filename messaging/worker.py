"""Everything of messaging that lives on one event loop: sockets, writer, acknowledgements, wake-ups.

Nothing in here matters to another process; what must last is in the database.
"""

import asyncio
import time
from collections.abc import Coroutine, Iterable, Sequence
from itertools import islice
from typing import Any
from weakref import WeakKeyDictionary

from messaging.account_quotas import AccountQuotas
from messaging.acknowledgements import Acknowledgements
from messaging.batch import Event, SubscribersSet
from messaging.check import Check
from messaging.device_rates import DeviceRates
from messaging.frames import encode
from messaging.models import EnvelopeKind
from messaging.push_queue import PushQueue
from messaging.registry import Registry, Told
from messaging.room import Room
from messaging.selectors import live_subscriptions
from messaging.session import Session
from messaging.sockets import Sockets
from messaging.store import Store
from messaging.tally import tally
from messaging.threads import run_read
from messaging.wakeup_format import DevicesEnded, News, Opened, Signalled, Subscribers, WakeUp
from messaging.wakeups import Wakeups, publish_from_outside
from messaging.writer import Writer
from talk2me import metrics
from talk2me.errors import StorageFailed

# So many devices in one wake-up.
ANNOUNCED = 1000


class Worker:
    """One for each event loop; `start` before use."""

    def __init__(self) -> None:
        self.sockets = Sockets()
        self.rates = DeviceRates()
        self.registry = Registry()
        self.store = Store()
        self.room = Room()
        self.push = PushQueue()
        self.writer = Writer(self.store, self.room, self._tell, self.push.note)
        self.quotas = AccountQuotas()
        self.acknowledgements = Acknowledgements(self.store)
        self.check = Check(self.registry, self._announce)
        self.wakeups = Wakeups(self._hear, self.check.soon)
        self._last_ticket = 0
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Start the tasks; again changes nothing."""
        if not self._tasks:
            self._tasks = [self._task(work) for work in self._work()]
            await self.wakeups.started()

    async def stop(self) -> None:
        """Write what is waiting to be acknowledged, and end the tasks."""
        await self.acknowledgements.flush()
        await self.wakeups.finish()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._tasks:
            await self.wakeups.leave()
        self._tasks = []
        await self.push.stop()
        await self.room.stop()
        await self.quotas.stop()
        await tally.finish()
        self.store.close()

    @property
    def started(self) -> bool:
        """Whether it is at work."""
        return bool(self._tasks)

    async def enter(self, session: Session, greeting: bytes) -> None:
        """Let a session that has signed in be reached, from its `greeting` on; its older sockets close everywhere."""
        session.opened = self._ticket()
        self.registry.enter(session)
        self.push.came(session.device)
        self.wakeups.publish([Opened({session.device: session.opened})])
        changed = self.registry.loading[session] = {}
        try:
            live = await run_read(live_subscriptions, [session.device])
        except StorageFailed:
            # Nothing would reach it: let it come back.
            session.end("going_away")
            raise
        finally:
            del self.registry.loading[session]
        session.window.put(greeting)
        if not session.ended:
            loaded = {mailbox: Told(head, slot) for _, mailbox, head, slot in live}
            for mailbox, told in (loaded | changed).items():
                if told:
                    self.registry.subscribe(session, mailbox, told)

    def signal(self, mailbox: bytes, body: bytes, device: bytes) -> None:
        """Hand a signal to the sockets that are there, here and on the other workers."""
        self.registry.signal(mailbox, body, device)
        self.wakeups.publish([Signalled(mailbox, body, device)])

    def subscribers_set(self, mailbox: bytes, devices: list[bytes]) -> None:
        """Let envelopes of a new mailbox reach its devices, of an erased one nobody, here and on the other workers."""
        self._tell([SubscribersSet(mailbox, devices, 0)])

    def close_sockets(self, devices: Sequence[bytes], code: str) -> None:
        """Close the sockets of devices, here and on the other workers."""
        self.registry.end_devices(devices, code)
        self.wakeups.publish([DevicesEnded(list(devices), code)])

    def _tell(self, events: list[Event]) -> None:
        """Bring the events of a batch to the sockets here and to the other workers."""
        wakeups = self._as_wakeups(events)
        self._bring(wakeups)
        self.wakeups.publish(wakeups)

    def _as_wakeups(self, events: list[Event]) -> list[WakeUp]:
        slots: dict[bytes, int] = {}
        wakeups: list[WakeUp] = []
        for event in events:
            if isinstance(event, SubscribersSet):
                slot = slots.get(event.mailbox, 0)
                wakeups.append(Subscribers(event.mailbox, event.subscribers, event.last, slot))
                continue
            slots[event.mailbox] = event.slot
            wanted = self.wakeups.listened or event.mailbox in self.registry.by_mailbox
            commits = sum(envelope.kind == EnvelopeKind.COMMIT.label for envelope in event.envelopes)
            frame = encode(event) if wanted else b""
            wakeups.append(News(event.mailbox, event.head, event.slot, commits, len(event.envelopes), frame))
        return wakeups

    def _bring(self, wakeups: Iterable[WakeUp]) -> None:
        delivered = 0
        for wakeup in wakeups:
            if isinstance(wakeup, News):
                if not self.registry.note(wakeup):
                    # A commit that nobody told: who reads this mailbox may have changed.
                    self.check.soon()
                delivered += self.registry.deliver(wakeup)
            elif isinstance(wakeup, Subscribers):
                self.registry.set_subscribers(wakeup)
        metrics.delivered.inc(delivered)

    def _hear(self, wakeup: WakeUp) -> None:
        """Act on what another worker, or a request somewhere, has told."""
        match wakeup:
            case News() | Subscribers():
                self._bring([wakeup])
            case Signalled(mailbox=mailbox, body=body, device=device):
                self.registry.signal(mailbox, body, device)
            case Opened(sockets=sockets, again=again):
                self._hear_opened(sockets, again=again)
            case DevicesEnded(devices=devices, code=code):
                self.registry.end_devices(devices, code)

    def _ticket(self) -> int:
        """Return the time in nanoseconds; more than any ticket heard of, whatever the clocks say."""
        self._last_ticket = max(self._last_ticket + 1, time.time_ns())
        return self._last_ticket

    def _hear_opened(self, sockets: dict[bytes, int], *, again: bool) -> None:
        self._last_ticket = max(self._last_ticket, *sockets.values()) if sockets else self._last_ticket
        for device, opened in sockets.items():
            mine = self.registry.by_device.get(device)
            if mine is None or mine.opened == opened:
                continue
            if mine.opened > opened:
                # The other one has not heard of this one.
                self.wakeups.publish([Opened({device: mine.opened}, again=True)])
            else:
                # While workers did not hear one another, tickets followed their clocks only: should the wrong one
                # close, it comes back with a good ticket.
                self.registry.end_devices([device], "going_away" if again else "replaced")

    def _announce(self) -> None:
        sessions = iter(list(self.registry.by_device.values()))
        while some := list(islice(sessions, ANNOUNCED)):
            self.wakeups.publish([Opened({session.device: session.opened for session in some}, again=True)])

    def _work(self) -> list[Coroutine[Any, Any, None]]:
        return [self.writer.run(), self.wakeups.run(), self.check.run(), self.push.run(), tally.run()]

    def _task(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        return asyncio.get_running_loop().create_task(work)


_workers: "WeakKeyDictionary[asyncio.AbstractEventLoop, Worker]" = WeakKeyDictionary()


def this_worker() -> Worker:
    """Return the worker of the running event loop."""
    loop = asyncio.get_running_loop()
    if loop not in _workers:
        _workers[loop] = Worker()
    return _workers[loop]


def close_sockets(devices: Sequence[bytes], code: str) -> None:
    """Close the sockets of devices on every worker; from any thread, without waiting where a worker is at hand."""
    here = [(loop, worker) for loop, worker in list(_workers.items()) if worker.started and loop.is_running()]
    for loop, worker in here:
        loop.call_soon_threadsafe(worker.close_sockets, devices, code)
    if not here:
        publish_from_outside(DevicesEnded(list(devices), code))
