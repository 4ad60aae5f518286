"""Accept application messages, proposals and archive records into mailboxes."""

import hashlib
from collections.abc import Sequence

from django.conf import settings

from messaging.batch import Accepted, Outcome, PlainItem, Result
from messaging.clock import in_seconds, this_minute
from messaging.frames import Envelope, EnvelopeNew
from messaging.franking import NO_COMMITMENT, franking_tag
from messaging.models import EnvelopeKind, MailboxKind
from messaging.services.make_room import crowded_from
from messaging.statements import EnvelopeRow, MailboxRow, Present
from talk2me.errors import IdConflict, MailboxUnknown, QuotaReached, SlotStale, Talk2meError

DAY = 24 * 3600
OLDEST_SLOT = 2
# Plain numbers and texts: an enumeration takes a microsecond to look itself up.
KINDS = {
    EnvelopeKind.APPLICATION.value: MailboxKind.CONVERSATION.value,
    EnvelopeKind.PROPOSAL.value: MailboxKind.CONVERSATION.value,
    EnvelopeKind.ARCHIVE.value: MailboxKind.ARCHIVE.value,
}
LABELS = {kind.value: str(kind.label) for kind in EnvelopeKind}
COMMIT = EnvelopeKind.COMMIT.value
ARCHIVE = EnvelopeKind.ARCHIVE.value
CONVERSATIONS = MailboxKind.CONVERSATION.value
ARCHIVES = MailboxKind.ARCHIVE.value


def accept_envelopes(items: Sequence[PlainItem], present: Present, outcome: Outcome) -> list[EnvelopeRow]:
    """Give each item that its device may send its place, and return the rows to store; touches no database.

    Appends a result for each item to `outcome`; the mailboxes in `present` count on, and an id that comes twice counts
    as stored.
    """
    minute = this_minute()
    rows: list[EnvelopeRow] = []
    for item in items:
        try:
            result: Result = _accept_one(item, present, rows, minute)
        except Talk2meError as error:
            result = error
        outcome.results.append(result)
    crowded = crowded_from()
    outcome.crowded.update(
        id_ for id_, mailbox in present.mailboxes.items() if mailbox.bytes >= crowded and mailbox.kind == CONVERSATIONS
    )
    return rows


def _accept_one(item: PlainItem, present: Present, rows: list[EnvelopeRow], minute: int) -> Accepted:
    """Append the item's row unless it was stored before. Raises what the item is to be answered."""
    mailbox = present.mailboxes.get(item.mailbox)
    if mailbox is None or (item.mailbox, item.device) not in present.live or mailbox.kind != KINDS[item.kind]:
        raise MailboxUnknown
    digest = hashlib.sha256(item.body).digest()
    before = present.stored.get((item.mailbox, item.id))
    if before is not None:
        if item.kind == ARCHIVE:
            # Several devices seal one entry under one id: who comes later learns which bytes are there.
            return accepted(before, duplicate=True, digest=before.hash)
        return accepted(same_or_conflict(before, item.kind, digest), duplicate=True)
    if not mailbox.slot - OLDEST_SLOT <= item.slot <= mailbox.slot:
        raise SlotStale
    row = append(
        mailbox,
        EnvelopeRow(
            item.mailbox, 0, item.id, item.kind, mailbox.slot, item.body, digest, None, minute, item.commitment, None,
            expiry(item),
        ),
        item.account,
    )  # fmt: skip
    present.stored[item.mailbox, item.id] = row
    rows.append(row)
    return accepted(row, duplicate=False)


def same_or_conflict(before: EnvelopeRow, kind: int, digest: bytes) -> EnvelopeRow:
    """Return the stored row when it holds the same bytes. Raises IdConflict."""
    if before.hash != digest or before.kind != kind:
        raise IdConflict
    return before


def append(mailbox: MailboxRow, row: EnvelopeRow, account: bytes) -> EnvelopeRow:
    """Give the row the mailbox's next sequence, and its franking tag. Raises QuotaReached."""
    size = len(row.body or b"")
    quota = settings.ARCHIVE_QUOTA_BYTES if mailbox.kind == ARCHIVES else settings.MAILBOX_QUOTA_BYTES
    # A quarter more for commits: else who fills a mailbox could not be removed from it.
    if mailbox.bytes + size > (quota + quota // 4 if row.kind == COMMIT else quota):
        raise QuotaReached
    mailbox.bytes += size
    mailbox.head += 1
    row.sequence = mailbox.head
    row.franking = franking_tag(row.commitment or NO_COMMITMENT, row.mailbox, row.sequence, account, row.minute)
    return row


def expiry(item: PlainItem | None = None) -> int | None:
    """Return when an envelope goes, in unix seconds on a minute; None for never: an account's archive is its own."""
    if item is not None and item.kind == ARCHIVE:
        return None
    longest = int(settings.ENVELOPE_DAYS) * DAY
    wished = item.expires_in if item is not None else None
    return in_seconds(longest if wished is None else min(wished, longest))


def accepted(row: EnvelopeRow, *, duplicate: bool, digest: bytes | None = None) -> Accepted:
    """Return the answer for a stored row; with the `digest` of its body where the sender can't know it."""
    franking = row.franking or bytes(32)
    return Accepted(row.mailbox, row.id, row.sequence, row.slot, row.minute, franking, duplicate, digest)


def handed_out(row: EnvelopeRow) -> Envelope:
    """Return the envelope as a browser gets it; of an expired one only what is left (docs/wire_format.md 3)."""
    gone = row.body is None
    subscribers = row.subscribers
    return Envelope(
        sequence=row.sequence,
        id=row.id,
        kind=LABELS[row.kind],
        slot=row.slot,
        body=row.body,
        hash=row.hash if gone else None,
        minute=row.minute,
        commitment=row.commitment or NO_COMMITMENT,
        franking=row.franking or bytes(32),
        subscribers=None
        if subscribers is None
        else [subscribers[at : at + 16] for at in range(0, len(subscribers), 16)],
    )


def news(rows: Sequence[EnvelopeRow], mailboxes: dict[bytes, MailboxRow]) -> list[EnvelopeNew]:
    """Return an `envelope.new` for each mailbox that has new rows."""
    by_mailbox: dict[bytes, list[Envelope]] = {}
    for row in rows:
        by_mailbox.setdefault(row.mailbox, []).append(handed_out(row))
    return [
        EnvelopeNew(mailbox=id_, head=envelopes[-1].sequence, slot=mailboxes[id_].slot, envelopes=envelopes)
        for id_, envelopes in by_mailbox.items()
    ]
