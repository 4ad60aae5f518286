"""The sockets of this worker: by device, and by the mailboxes that reach them."""

from collections.abc import Collection

from messaging.batch import Event, SubscribersSet
from messaging.frames import EnvelopeNew, Signal, SubscriptionEnded, encode
from messaging.session import Session


class Registry:
    """Delivers to sockets directly. Lives on one event loop; nothing here waits."""

    def __init__(self) -> None:
        self.by_device: dict[bytes, Session] = {}
        self.by_mailbox: dict[bytes, set[Session]] = {}
        # Sessions whose mailboxes are being read from the database, and what changed meanwhile: subscribed or not.
        self.loading: dict[Session, dict[bytes, bool]] = {}

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

    def subscribe(self, session: Session, mailbox: bytes) -> None:
        """Let envelopes of a mailbox reach the session."""
        session.mailboxes.add(mailbox)
        self.by_mailbox.setdefault(mailbox, set()).add(session)

    def unsubscribe(self, session: Session, mailbox: bytes) -> None:
        """Let envelopes of a mailbox reach the session no longer."""
        session.mailboxes.discard(mailbox)
        sessions = self.by_mailbox.get(mailbox, set())
        sessions.discard(session)
        if not sessions:
            self.by_mailbox.pop(mailbox, None)

    def tell(self, event: Event) -> int:
        """Bring an event to whom it concerns; return how many envelopes were pushed, counted for each socket."""
        if isinstance(event, EnvelopeNew):
            return self._deliver(event)
        self._set_subscribers(event)
        return 0

    def signal(self, mailbox: bytes, body: bytes, sender: bytes) -> None:
        """Hand a signal to the sockets of a mailbox, but not to the device it came from; those that lag miss it."""
        frame = encode(Signal(mailbox=mailbox, body=body))
        for session in self.by_mailbox.get(mailbox, ()):
            if session.device != sender and not session.window.behind:
                session.window.put(frame)

    def end_devices(self, devices: Collection[bytes], code: str) -> None:
        """Close the sockets of some devices."""
        for device in devices:
            session = self.by_device.get(device)
            if session is not None:
                session.end(code)
                self.leave(session)

    def _deliver(self, news: EnvelopeNew) -> int:
        sessions = self.by_mailbox.get(news.mailbox)
        if not sessions:
            return 0
        frame = encode(news)
        return len(news.envelopes) * sum(session.window.push(news, frame) for session in sessions)

    def _set_subscribers(self, change: SubscribersSet) -> None:
        subscribers = set(change.subscribers)
        for session in list(self.by_mailbox.get(change.mailbox, ())):
            if session.device not in subscribers:
                self.unsubscribe(session, change.mailbox)
                session.window.put(encode(SubscriptionEnded(mailbox=change.mailbox, last=change.last)))
        for session, changed in self.loading.items():
            changed[change.mailbox] = session.device in subscribers
        for device in subscribers & self.by_device.keys():
            if self.by_device[device] not in self.loading:
                self.subscribe(self.by_device[device], change.mailbox)
