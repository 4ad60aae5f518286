"""Everything of messaging that lives on one event loop: sockets, writer, acknowledgements, wake-ups.

Nothing in here matters to another process; what must last is in the database.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any
from weakref import WeakKeyDictionary

from messaging.acknowledgements import Acknowledgements
from messaging.batch import Event, SubscribersSet
from messaging.frames import EnvelopeNew
from messaging.models import EnvelopeKind
from messaging.registry import Registry
from messaging.selectors import live_mailboxes, present_subscribers
from messaging.session import Session
from messaging.threads import run_read
from messaging.wakeups import DevicesEnded, Opened, Signalled, Told, WakeUp, Wakeups
from messaging.writer import Writer
from talk2me import metrics


class Worker:
    """One for each event loop; `start` before use."""

    def __init__(self) -> None:
        self.registry = Registry()
        self.writer = Writer(self._tell)
        self.acknowledgements = Acknowledgements()
        self.wakeups = Wakeups(self._hear)
        self._slots: dict[bytes, int] = {}
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Start the tasks; again changes nothing."""
        if not self._tasks:
            self._tasks = [self._task(work) for work in (self.writer.run(), self.wakeups.send())]
            await self.wakeups.try_to_join()
            self._tasks.append(self._task(self.wakeups.listen()))

    async def stop(self) -> None:
        """Write what is waiting to be acknowledged, and end the tasks."""
        await self.acknowledgements.flush()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []

    async def enter(self, session: Session, greeting: bytes) -> None:
        """Let a session that has signed in be reached, from its `greeting` on; its older sockets close everywhere."""
        self.registry.enter(session)
        self.wakeups.publish(Opened(self.wakeups.origin, session.device, session.opened))
        changed = self.registry.loading[session] = {}
        try:
            mailboxes = dict.fromkeys(await run_read(live_mailboxes, session.device), True)
        finally:
            del self.registry.loading[session]
        session.window.put(greeting)
        if not session.ended:
            for mailbox, subscribed in (mailboxes | changed).items():
                if subscribed:
                    self.registry.subscribe(session, mailbox)

    def signal(self, mailbox: bytes, body: bytes, device: bytes) -> None:
        """Hand a signal to the sockets that are there, here and on the other workers."""
        self.registry.signal(mailbox, body, device)
        self.wakeups.publish(Signalled(self.wakeups.origin, mailbox, body, device))

    def subscribers_set(self, mailbox: bytes, devices: list[bytes]) -> None:
        """Let envelopes of a new mailbox reach its devices, here and on the other workers."""
        self._tell([SubscribersSet(mailbox, devices, 0)])

    def _tell(self, events: list[Event]) -> None:
        delivered = 0
        for event in events:
            self._note_slot(event)
            delivered += self.registry.tell(event)
        metrics.delivered.inc(delivered)
        self.wakeups.publish(Told(self.wakeups.origin, events))

    def _note_slot(self, event: Event) -> bool:
        """Remember the slot of a mailbox that reaches sockets here; return whether no commit was missed."""
        if isinstance(event, SubscribersSet):
            return True
        if event.mailbox not in self.registry.by_mailbox:
            self._slots.pop(event.mailbox, None)
            return True
        commits = sum(envelope.kind == EnvelopeKind.COMMIT.label for envelope in event.envelopes)
        before = self._slots.get(event.mailbox)
        self._slots[event.mailbox] = event.slot
        return before is not None and before + commits == event.slot

    async def _hear(self, wakeup: WakeUp) -> None:
        """Act on what another worker, or a request of this one, has told."""
        match wakeup:
            case Told(events=events):
                for event in events:
                    await self._hear_event(event)
            case Signalled(mailbox=mailbox, body=body, device=device):
                self.registry.signal(mailbox, body, device)
            case Opened(device=device, opened=opened):
                older = self.registry.by_device.get(device)
                if older is not None and older.opened < opened:
                    self.registry.end_devices([device], "replaced")
            case DevicesEnded(devices=devices, code=code):
                self.registry.end_devices(devices, code)

    async def _hear_event(self, event: EnvelopeNew | SubscribersSet) -> None:
        known = self._note_slot(event)
        metrics.delivered.inc(self.registry.tell(event))
        if not known:
            subscribers, head, slot = await run_read(present_subscribers, event.mailbox)
            self._slots[event.mailbox] = slot
            self.registry.tell(SubscribersSet(event.mailbox, subscribers, head))

    def _task(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        return asyncio.get_running_loop().create_task(work)


_workers: "WeakKeyDictionary[asyncio.AbstractEventLoop, Worker]" = WeakKeyDictionary()


def this_worker() -> Worker:
    """Return the worker of the running event loop."""
    loop = asyncio.get_running_loop()
    if loop not in _workers:
        _workers[loop] = Worker()
    return _workers[loop]
