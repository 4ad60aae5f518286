"""Making of an older copy of all mailboxes some that can go on, and say so."""

import hashlib
import secrets

from django.db.models import F

from keys.labels import label
from messaging.clock import this_minute
from messaging.models import Envelope, EnvelopeKind, GroupInfo, Mailbox, MailboxKind

# More than any mailbox gets between a backup and the last day of the server that it is of.
LEAP = 2**32
# A browser's slots have 32 bits.
SLOT_LEAP = 2**20
# The mark of a place behind which a mailbox is no longer what it was: browsers know it (docs/protocol.md 9).
RESTORED = hashlib.sha256(label("server restored")).digest()
ROWS_AT_ONCE = 1000


def go_on_elsewhere() -> None:
    """Let every mailbox go on at places that it has given to nobody, and mark the place where others compare.

    Browsers have read further than this copy goes: what came next at a place that they know would be passed over, and
    a slot that they are ahead of would take nothing from them. In a transaction, while no worker runs.
    """
    Mailbox.objects.update(head=F("head") + LEAP)
    Mailbox.objects.filter(kind=MailboxKind.CONVERSATION).update(slot=F("slot") + SLOT_LEAP)
    GroupInfo.objects.update(slot=F("slot") + SLOT_LEAP)
    marks: list[Envelope] = []
    for mailbox in Mailbox.objects.exclude(kind=MailboxKind.DEVICE).iterator(chunk_size=ROWS_AT_ONCE):
        marks.append(_mark(mailbox))
        if len(marks) == ROWS_AT_ONCE:
            Envelope.objects.bulk_create(marks)
            marks.clear()
    Envelope.objects.bulk_create(marks)


def _mark(mailbox: Mailbox) -> Envelope:
    return Envelope(  # type: ignore[misc]  # the field takes None
        mailbox=mailbox,
        sequence=mailbox.head,
        id=secrets.token_bytes(16),
        kind=EnvelopeKind.NOTICE,
        slot=mailbox.slot,
        body=None,
        hash=RESTORED,
        minute=this_minute(),
    )
