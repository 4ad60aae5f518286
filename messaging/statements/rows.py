"""The rows that the hot path works on, as plain values: Django's objects cost several times as much."""

from typing import Any

from msgspec import Struct
from msgspec.structs import astuple

ENVELOPE_COLUMNS = (
    "mailbox_id", "sequence", "id", "kind", "slot", "body", "hash", "subscribers", "minute", "commitment", "franking",
    "expires",
)  # fmt: skip


class MailboxRow(Struct):
    """A locked mailbox; the writer counts on it and writes it back at the end of the batch."""

    id: bytes
    kind: int
    head: int
    slot: int
    bytes: int


class EnvelopeRow(Struct):
    """A row of an envelope, in the order of ENVELOPE_COLUMNS."""

    mailbox: bytes
    sequence: int
    id: bytes
    kind: int
    slot: int
    body: bytes | None
    hash: bytes
    subscribers: bytes | None
    minute: int
    commitment: bytes | None
    franking: bytes | None
    expires: int | None

    def as_parameters(self) -> tuple[Any, ...]:
        """Return the values to insert."""
        return astuple(self)


class Present(Struct):
    """What a batch finds under the lock: mailboxes by id, live (mailbox, device) pairs, and envelopes sent before."""

    mailboxes: dict[bytes, MailboxRow]
    live: set[tuple[bytes, bytes]]
    stored: dict[tuple[bytes, bytes], EnvelopeRow]
