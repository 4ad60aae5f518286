"""What goes into the writer and what comes out: items to store, their results, and what sockets must learn."""

from collections.abc import Callable

from msgspec import Struct, field

from messaging.frames import EnvelopeNew, Welcome
from talk2me.errors import Talk2meError


class Accepted(Struct, frozen=True):
    """An envelope is stored: `minute` in unix seconds, `slot` after the envelope, `duplicate` if it was before.

    `hash` is the SHA-256 of the stored body where that may be another one than was sent, else None.
    """

    mailbox: bytes
    id: bytes
    sequence: int
    slot: int
    minute: int
    franking: bytes
    duplicate: bool
    hash: bytes | None = None


Result = Accepted | Talk2meError


class PlainItem(Struct, frozen=True, eq=False):
    """An envelope that a device wants stored, of an EnvelopeKind; `expires_in` in seconds, None for the longest."""

    device: bytes
    account: bytes
    mailbox: bytes
    id: bytes
    kind: int
    slot: int
    body: bytes
    commitment: bytes
    expires_in: int | None
    reply: Callable[[Result], None]

    @property
    def size(self) -> int:
        """Bytes that a batch counts."""
        return len(self.body)


class CommitItem(Struct, frozen=True, eq=False):
    """A commit and all that rides with it."""

    device: bytes
    account: bytes
    mailbox: bytes
    id: bytes
    slot: int
    body: bytes
    members: list[bytes]
    subscribers: list[bytes]
    welcomes: list[Welcome]
    group_info: bytes
    reply: Callable[[Result], None]

    @property
    def size(self) -> int:
        """Bytes that a batch counts."""
        return len(self.body) + len(self.group_info) + sum(len(welcome.body) for welcome in self.welcomes)


Item = PlainItem | CommitItem


class SubscribersSet(Struct, frozen=True, tag_field="type", tag="subscribers"):
    """After a commit `subscribers` are the devices of a mailbox; those it dropped read up to `last`."""

    mailbox: bytes
    subscribers: list[bytes]
    last: int


# In the order in which sockets must learn of them.
Event = EnvelopeNew | SubscribersSet


class Outcome(Struct):
    """The results of a batch, one for each item in its order, and the events to tell after the transaction.

    `crowded` are mailboxes in which room should be made.
    """

    results: list[Result] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    crowded: set[bytes] = field(default_factory=set)
