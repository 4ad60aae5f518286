"""The sockets of this worker: by device, and by the mailboxes that reach them."""

from collections.abc import Collection
from dataclasses import dataclass

from messaging.frames import EnvelopeNew, Signal, SubscriptionEnded, encode
from messaging.session import Session
from messaging.wakeup_format import News, Subscribers


@dataclass(slots=True)
class Told:
    """What the sockets of a mailbox know: head and slot, and the sequence from which its subscribers are these."""

    head: int
    slot: int
    since: int = 0


class Registry:
    """Delivers to sockets directly. Lives on one event loop; nothing here waits."""

    def __init__(self) -> None:
        self.by_device: dict[bytes, Session] = {}
        self.by_mailbox: dict[bytes, set[Session]] = {}
        # Of each mailbox in `by_mailbox`.
        self.told: dict[bytes, Told] = {}
        # Sessions whose mailboxes are being read from the database, and what changed meanwhile: begun, None for ended.
        self.loading: dict[Session, dict[bytes, Told | None]] = {}
        # Mailboxes whose readers have changed since a check began; it clears them.
        self.changed: set[bytes] = set()

    def enter(self, session: Session) -> None:
        """Take in a session that has signed in; ends an older one of the same device."""
        older = self.by_device.get(session.device)
        if older is not None and older is not session:
            older.end("replaced")
            self.leave(older)
        self.by_device[session.device] = session

    def leave(self, session: Session) -> None:
        """Forget a session."""
        if self.by_device.get(session.device) is session:
            del self.by_device[session.device]
        for mailbox in list(session.mailboxes):
            self.unsubscribe(session, mailbox)

    def subscribe(self, session: Session, mailbox: bytes, told: Told) -> None:
        """Let envelopes of a mailbox reach the session, which knows of it what `told` says."""
        self.changed.add(mailbox)
        session.mailboxes.add(mailbox)
        self.by_mailbox.setdefault(mailbox, set()).add(session)
        self.told.setdefault(mailbox, told)

    def unsubscribe(self, session: Session, mailbox: bytes) -> None:
        """Let envelopes of a mailbox reach the session no longer."""
        self.changed.add(mailbox)
        session.mailboxes.discard(mailbox)
        session.window.let_go(mailbox)
        sessions = self.by_mailbox.get(mailbox, set())
        sessions.discard(session)
        if not sessions:
            self.by_mailbox.pop(mailbox, None)
            self.told.pop(mailbox, None)

    def deliver(self, news: News) -> int:
        """Bring new envelopes to the sockets of their mailbox; return how many, counted for each socket."""
        sessions = self.by_mailbox.get(news.mailbox)
        if not sessions:
            return 0
        header = EnvelopeNew(mailbox=news.mailbox, head=news.head, slot=news.slot, envelopes=[])
        frame = news.frame or encode(header)
        return news.count * sum(session.window.push(header, frame) for session in sessions)

    def note(self, news: News) -> bool:
        """Take note of what the sockets of a mailbox are told; return whether no commit was missed before it."""
        told = self.told.get(news.mailbox)
        if told is None:
            return True
        complete = told.slot + news.commits >= news.slot
        told.head, told.slot = max(told.head, news.head), max(told.slot, news.slot)
        return complete

    def signal(self, mailbox: bytes, body: bytes, sender: bytes) -> None:
        """Hand a signal to the sockets of a mailbox, but not to the device it came from; those that lag miss it."""
        sessions = self.by_mailbox.get(mailbox)
        if not sessions:
            return
        frame = encode(Signal(mailbox=mailbox, body=body))
        for session in sessions:
            if session.device != sender and not session.window.behind:
                session.window.put(frame)

    def end_devices(self, devices: Collection[bytes], code: str) -> None:
        """Close the sockets of some devices."""
        for device in devices:
            session = self.by_device.get(device)
            if session is not None:
                session.end(code)
                self.leave(session)

    def set_subscribers(self, change: Subscribers) -> None:
        """Begin and end what a commit begins and ends; one that comes late, after a newer one, changes nothing."""
        told = self.told.get(change.mailbox)
        if told is not None:
            if told.since > change.last:
                return
            told.since = change.last
        subscribers = set(change.devices)
        for session in list(self.by_mailbox.get(change.mailbox, ())):
            if session.device not in subscribers:
                self.end(session, change.mailbox, change.last)
        begun = Told(change.last, change.slot, change.last)
        for session, changed in self.loading.items():
            changed[change.mailbox] = begun if session.device in subscribers else None
        for device in subscribers & self.by_device.keys():
            if self.by_device[device] not in self.loading:
                self.subscribe(self.by_device[device], change.mailbox, begun)

    # --- what nobody told in time -------------------------------------------------------------------------------------

    def end(self, session: Session, mailbox: bytes, last: int) -> None:
        """End a subscription, and tell."""
        self.unsubscribe(session, mailbox)
        session.window.put(encode(SubscriptionEnded(mailbox=mailbox, last=last)))

    def begin(self, session: Session, mailbox: bytes, head: int, slot: int) -> None:
        """Begin a subscription that the session has not heard of, and tell that there is something to drain."""
        self.subscribe(session, mailbox, Told(head, slot))
        news = EnvelopeNew(mailbox=mailbox, head=head, slot=slot, envelopes=[])
        session.window.push(news, encode(news))

    def tell_head(self, mailbox: bytes, head: int, slot: int) -> bool:
        """Tell the sockets of a mailbox how far it has got; return False if they know."""
        told = self.told.get(mailbox)
        if told is None or (told.head >= head and told.slot >= slot):
            return False
        told.head, told.slot = max(told.head, head), max(told.slot, slot)
        self.deliver(News(mailbox, head, slot, 0, 0, b""))
        return True
