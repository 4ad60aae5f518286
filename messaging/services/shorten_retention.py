"""What fewer days would do to what is stored already, and doing it."""

import time
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, F, QuerySet, Sum
from django.db.models.functions import Length

from messaging import statements
from messaging.clock import in_seconds
from messaging.models import Attachment, Envelope, MailboxKind

DAY = 24 * 3600
# Of one transaction, so that the writer never waits long.
BATCH = 256


@dataclass(frozen=True)
class Going:
    """So many rows with so many bytes."""

    count: int
    bytes: int


def count_older(days: int) -> dict[str, Going]:
    """Return, by kind of mailbox, the envelopes that would go now if none stayed longer than so many days.

    Archives are their accounts' own: nothing in them ever goes by its age.
    """
    now = int(time.time())
    rows = Envelope.objects.filter(expires__gt=now, minute__lte=now - _longest(days)).values("mailbox__kind")
    found = rows.annotate(count=Count("sequence"), bytes=Sum(Length("body")))
    return {
        MailboxKind(kind).label: Going(count, size or 0)
        for kind, count, size in found.values_list("mailbox__kind", "count", "bytes").order_by("mailbox__kind")
    }


def count_longer(days: int) -> Going:
    """Return the attachments that would go after so many days from now, and stay longer otherwise.

    Not by their age: nothing says when one came.
    """
    found = _lasting(days).aggregate(count=Count("id"), bytes=Sum("offset"))
    return Going(found["count"], found["bytes"] or 0)


def shorten_envelopes(days: int) -> int:
    """Let no stored envelope stay longer than so many days since it came; return how many end sooner now."""
    too_long = Envelope.objects.filter(expires__gt=F("minute") + _longest(days))
    changed = 0
    for mailbox in set(too_long.values_list("mailbox_id", flat=True)):
        while piece := _shorten_piece(mailbox, days):
            changed += piece
    return changed


def shorten_attachments(days: int) -> int:
    """Let no attachment that was sent stay longer than so many days from now; return how many end sooner now."""
    return _lasting(days).update(expires=in_seconds(days * DAY))


def _longest(days: int) -> int:
    """Return the seconds from the minute in which an envelope came; a minute more, as `expires` is rounded up."""
    return days * DAY + 60


def _lasting(days: int) -> QuerySet[Attachment]:
    return Attachment.objects.filter(expires__gt=in_seconds(days * DAY))


def _shorten_piece(mailbox: bytes, days: int) -> int:
    with transaction.atomic():
        # As whoever deletes does, so that neither waits for the other for ever.
        statements.lock_mailboxes([mailbox])
        rows = Envelope.objects.filter(mailbox_id=mailbox, expires__gt=F("minute") + _longest(days))
        places = list(rows.order_by("sequence").values_list("sequence", flat=True)[:BATCH])
        here = Envelope.objects.filter(mailbox_id=mailbox, sequence__in=places)
        return here.update(expires=F("minute") + _longest(days))
