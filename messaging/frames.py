"""Every frame of the socket: its fields and their limits (docs/wire_format.md 3). tests compare this with that page.

Ids are 16 bytes, times unix seconds rounded down to the minute. A field outside its limits makes the whole WebSocket
message a `bad_frame`; only the lengths in BODY_LIMITS are judged frame by frame, as `too_large`.
"""

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

KIB = 1024
MESSAGE_BYTES = 1536 * KIB
MESSAGE_FRAMES = 64
DRAIN_ENVELOPES = 256
DRAIN_BYTES = 1024 * KIB
PAGE_MAILBOXES = 500

Ref = Annotated[int, Meta(ge=0, le=2**32 - 1)]
Slot = Annotated[int, Meta(ge=0, le=2**32 - 1)]
Sequence = Annotated[int, Meta(ge=0, le=2**63 - 1)]
Id = Annotated[bytes, Meta(min_length=16, max_length=16)]
Bin32 = Annotated[bytes, Meta(min_length=32, max_length=32)]
Seconds = Annotated[int, Meta(ge=1, le=2**32 - 1)]
DrainLimit = Annotated[int, Meta(ge=1, le=DRAIN_ENVELOPES)]
Members = Annotated[list[Id], Meta(min_length=1, max_length=1000)]
Subscribers = Annotated[list[Id], Meta(min_length=1, max_length=4000)]

# --- from the browser ------------------------------------------------------------------------------------------------


class Request(Struct, frozen=True, forbid_unknown_fields=True, tag_field="type"):
    """A frame from the browser; the answer repeats `ref`."""

    ref: Ref


class Hello(Request, frozen=True, tag="hello"):
    version: Literal[1]
    token: Bin32


class MailboxList(Request, frozen=True, tag="mailbox.list"):
    after: Id | None


class MailboxCreate(Request, frozen=True, tag="mailbox.create"):
    mailbox: Id
    kind: Literal["conversation", "archive"]


class MailboxErase(Request, frozen=True, tag="mailbox.erase"):
    mailbox: Id


class EnvelopeSend(Request, frozen=True, tag="envelope.send"):
    mailbox: Id
    id: Id
    kind: Literal["application", "proposal", "archive"]
    slot: Slot
    body: bytes
    commitment: Bin32
    expires_in: Seconds | None


class Welcome(Struct, frozen=True, forbid_unknown_fields=True):
    """An envelope of kind `welcome` for the device mailbox of `device`."""

    device: Id
    id: Id
    body: bytes


class CommitSend(Request, frozen=True, tag="commit.send"):
    mailbox: Id
    id: Id
    slot: Slot
    body: bytes
    members: Members
    subscribers: Subscribers
    welcomes: Annotated[list[Welcome], Meta(max_length=1000)]
    group_info: bytes


class GroupInfoFetch(Request, frozen=True, tag="group_info.fetch"):
    mailbox: Id


class EnvelopeDrain(Request, frozen=True, tag="envelope.drain"):
    """The oldest envelopes behind `after`; with `before` the newest ones between the two."""

    mailbox: Id
    after: Sequence
    limit: DrainLimit
    before: Sequence | None = None


class EnvelopeAcknowledge(Request, frozen=True, tag="envelope.acknowledge"):
    mailbox: Id
    sequence: Sequence


class SubscriptionEnd(Request, frozen=True, tag="subscription.end"):
    mailbox: Id


class SignalSend(Request, frozen=True, tag="signal.send"):
    mailbox: Id
    body: bytes


class Ping(Request, frozen=True, tag="ping"):
    pass


AnyRequest = (
    Hello
    | MailboxList
    | MailboxCreate
    | MailboxErase
    | EnvelopeSend
    | CommitSend
    | GroupInfoFetch
    | EnvelopeDrain
    | EnvelopeAcknowledge
    | SubscriptionEnd
    | SignalSend
    | Ping
)

# The most bytes of each opaque field; a welcome's `body` has the limit of a commit's.
BODY_LIMITS: dict[type[Request], dict[str, int]] = {
    EnvelopeSend: {"body": 256 * KIB},
    CommitSend: {"body": 1024 * KIB, "group_info": 1024 * KIB},
    SignalSend: {"body": 512},
}

# --- from the server -------------------------------------------------------------------------------------------------


class Answer(Struct, frozen=True, tag_field="type"):
    """A frame from the server."""


class HelloOk(Answer, frozen=True, tag="hello.ok"):
    ref: int
    account: bytes
    device: bytes
    device_mailbox: bytes
    expires_in: int
    time: int


class MailboxEntry(Struct, frozen=True):
    """One subscription of this device, and the bytes stored in its mailbox.

    Of an ended one, `head` is `last`, `slot` and `bytes` are 0.
    """

    mailbox: bytes
    kind: str
    head: int
    first: int
    last: int | None
    acknowledged: int
    slot: int
    bytes: int


class MailboxPage(Answer, frozen=True, tag="mailbox.page"):
    ref: int
    mailboxes: list[MailboxEntry]
    more: bool


class EnvelopeAccepted(Answer, frozen=True, tag="envelope.accepted"):
    ref: int
    mailbox: bytes
    id: bytes
    sequence: int
    slot: int
    minute: int
    franking: bytes
    duplicate: bool
    hash: bytes | None


class Envelope(Struct, frozen=True):
    """An envelope as it is handed out."""

    sequence: int
    id: bytes
    kind: str
    slot: int
    body: bytes | None
    hash: bytes | None
    minute: int
    commitment: bytes
    franking: bytes
    subscribers: list[bytes] | None


class EnvelopeBatch(Answer, frozen=True, tag="envelope.batch"):
    ref: int
    mailbox: bytes
    head: int
    slot: int
    envelopes: list[Envelope]


class EnvelopeNew(Answer, frozen=True, tag="envelope.new"):
    mailbox: bytes
    head: int
    slot: int
    envelopes: list[Envelope]


class GroupInfo(Answer, frozen=True, tag="group_info"):
    ref: int
    mailbox: bytes
    slot: int
    sequence: int
    body: bytes
    members: list[bytes]
    subscribers: list[bytes]


class Signal(Answer, frozen=True, tag="signal"):
    mailbox: bytes
    body: bytes


class SubscriptionEnded(Answer, frozen=True, tag="subscription.ended"):
    mailbox: bytes
    last: int


class Ok(Answer, frozen=True, tag="ok"):
    ref: int


class Pong(Answer, frozen=True, tag="pong"):
    ref: int


class Error(Answer, frozen=True, omit_defaults=True, tag="error"):
    ref: int | None
    code: str
    slot: int | UnsetType = UNSET
    retry_after: int | UnsetType = UNSET


class SessionEnded(Answer, frozen=True, tag="session.ended"):
    code: str


REQUESTS: tuple[type[Request], ...] = tuple(Request.__subclasses__())
ANSWERS: tuple[type[Answer], ...] = tuple(Answer.__subclasses__())
REQUEST_TYPES = frozenset(str(kind.__struct_config__.tag) for kind in REQUESTS)

encode = msgspec.msgpack.Encoder().encode
