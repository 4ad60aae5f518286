"""Clear away what nobody needs any more, in small transactions, so that the writer never waits long."""

import time
from collections import Counter

from django.db import transaction
from django.db.models import Exists, F, Min, OuterRef, Q, Sum
from django.db.models.functions import Coalesce, Length

from messaging.models import Envelope, Mailbox, MailboxKind, Membership, Subscription

BATCH = 256


def expire_step() -> bool:
    """Do one small piece of each kind of work; return whether there may be more."""
    counts = [bury_expired(), delete_acknowledged(), delete_orphans()]
    return any(counts)


def bury_expired() -> int:
    """Leave only sequence, id, kind, slot and hash of envelopes whose time has passed. Return how many."""
    with transaction.atomic():
        due = Envelope.objects.filter(expires__lte=int(time.time())).order_by("expires")
        found = list(due.values_list("mailbox_id", "sequence", Length("body"))[:BATCH])
        freed: Counter[bytes] = Counter()
        for mailbox, _, size in found:
            freed[mailbox] += size or 0
        # The mailboxes first and in order, as the writer does.
        for mailbox in sorted(freed):
            Mailbox.objects.filter(id=mailbox).update(bytes=F("bytes") - freed[mailbox])
        for mailbox, sequence, _ in found:
            Envelope.objects.filter(mailbox_id=mailbox, sequence=sequence).update(
                body=None, subscribers=None, commitment=None, franking=None, expires=None, minute=0
            )
    return len(found)


def delete_acknowledged() -> int:
    """Delete a piece of what every live subscriber has acknowledged, mailbox by mailbox. Return how many envelopes."""
    total = 0
    for id_, gone, end in _deletable():
        total += _delete_range(id_, gone, min(end, gone + BATCH))
    return total


def delete_orphans() -> int:
    """Delete empty mailboxes that no device reads and no account belongs to. Return how many."""
    orphans = Mailbox.objects.filter(~_LIVE, ~_MEMBERS, gone__gte=F("head"))
    found = list(orphans.values_list("id", flat=True)[:BATCH])
    if found:
        with transaction.atomic():
            Mailbox.objects.filter(~_LIVE, ~_MEMBERS, id__in=found).delete()
    return len(found)


_LIVE = Exists(Subscription.objects.filter(mailbox_id=OuterRef("id"), last=None))
_MEMBERS = Exists(Membership.objects.filter(mailbox_id=OuterRef("id")))


def _deletable() -> list[tuple[bytes, int, int]]:
    """Return mailboxes with something to delete, behind which sequence and up to which.

    That is the lowest cursor of those who read it, or the head where nobody does. An archive is only deleted when its
    account is.
    """
    cursor = Min("subscription__acknowledged", filter=Q(subscription__last=None))
    rows = (
        Mailbox.objects.filter(~Q(kind=MailboxKind.ARCHIVE) | ~_MEMBERS, gone__lt=F("head"))
        .annotate(floor=cursor)
        .filter(Q(floor__gt=F("gone")) | Q(floor=None))
        .order_by("id")
        .values_list("id", "gone", Coalesce("floor", "head"))
    )
    return list(rows[:BATCH])


def _delete_range(mailbox: bytes, after: int, end: int) -> int:
    """Delete envelopes behind `after` up to `end`; only this range, because rows long deleted cost a search too."""
    with transaction.atomic():
        Mailbox.objects.select_for_update().filter(id=mailbox).first()
        envelopes = Envelope.objects.filter(mailbox_id=mailbox, sequence__gt=after, sequence__lte=end)
        freed = envelopes.aggregate(size=Sum(Length("body")))["size"] or 0
        Envelope.objects.filter(mailbox_id=mailbox, sequence__gt=after, sequence__lte=end).delete()
        Mailbox.objects.filter(id=mailbox).update(gone=end, bytes=F("bytes") - freed)
    return end - after
