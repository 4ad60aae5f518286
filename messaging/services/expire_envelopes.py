"""Clear away what nobody needs any more, in small transactions, so that the writer never waits long."""

import time
from collections import Counter
from collections.abc import Collection

from django.db import transaction
from django.db.models import F, Min, Q
from django.db.models.functions import Length

from messaging import statements
from messaging.models import Envelope, Mailbox, MailboxKind, Membership, Passed, Subscription

# Of one transaction: envelopes, of which most may be in one mailbox, and mailboxes that are locked meanwhile.
BATCH = 256
MAILBOXES = 16


def expire_step() -> bool:
    """Do one small piece of each kind of work; return whether there may be more."""
    marked = list(Passed.objects.order_by("id").values_list("mailbox_id", flat=True)[:MAILBOXES])
    counts = [bury_expired(), clear_mailboxes(marked)]
    return any(counts)


def bury_expired() -> int:
    """Leave only sequence, id, kind, slot and hash of envelopes whose time has passed. Return how many."""
    due = Envelope.objects.filter(expires__lte=int(time.time())).order_by("expires")
    mailboxes = set(due.values_list("mailbox_id", flat=True)[:BATCH])
    if not mailboxes:
        return 0
    with transaction.atomic():
        # The mailboxes first and in order, as the writer does; another process may have done the work meanwhile.
        statements.lock_mailboxes(mailboxes)
        found = list(due.filter(mailbox_id__in=mailboxes).values_list("mailbox_id", "sequence", Length("body"))[:BATCH])
        freed: Counter[bytes] = Counter()
        for mailbox, _, size in found:
            freed[mailbox] += size or 0
        for mailbox, size in freed.items():
            Mailbox.objects.filter(id=mailbox).update(bytes=F("bytes") - size)
        if found:
            statements.bury([(mailbox, sequence) for mailbox, sequence, _ in found])
    return len(mailboxes)


def clear_mailboxes(mailboxes: Collection[bytes]) -> int:
    """Delete a piece of what nobody claims any more, and mailboxes that nobody can read. Return how many were marked.

    A mailbox in which more is to be deleted is marked again.
    """
    if not mailboxes:
        return 0
    with transaction.atomic():
        statements.lock_mailboxes(mailboxes)
        _lock_lapsed(mailboxes)
        # Asked after the marks were taken: whoever moves a cursor from now on marks anew.
        marked = statements.take_marks(mailboxes)
        if not marked:
            return 0
        ends = _ends(marked)
        left = BATCH
        unfinished = []
        for mailbox in Mailbox.objects.filter(id__in=marked, gone__lt=F("head")):
            end = ends[mailbox.id]
            stored = _stored(mailbox, end, left)
            stop = end if len(stored) < left else max(stored, default=mailbox.gone)
            if stop > mailbox.gone:
                freed = statements.delete_range(mailbox.id, mailbox.gone, stop)
                left -= len(stored)
                Mailbox.objects.filter(id=mailbox.id).update(gone=stop, bytes=F("bytes") - freed)
                _begin_later(mailbox.id, stop)
            if stop < end:
                unfinished.append(mailbox.id)
        statements.mark_passed(unfinished)
        _delete_orphans(marked)
    return len(marked)


def _stored(mailbox: Mailbox, end: int, most: int) -> list[int]:
    """Return the first places behind `gone` that have a row: one that was put back has a gap of 2^32 numbers."""
    rows = Envelope.objects.filter(mailbox=mailbox, sequence__gt=mailbox.gone, sequence__lte=end).order_by("sequence")
    return list(rows.values_list("sequence", flat=True)[:most])


def _ends(mailboxes: Collection[bytes]) -> dict[bytes, int]:
    """Return up to where each mailbox may be cleared: the lowest cursor of those who claim, or the head without any.

    An archive is only cleared when its account is gone.
    """
    ends = {}
    claimed = Min("subscription__acknowledged", filter=Q(subscription__last=None, subscription__claims=True))
    with_members = _with_members(mailboxes)
    rows = Mailbox.objects.filter(id__in=mailboxes).annotate(floor=claimed)
    for id_, kind, head, floor in rows.values_list("id", "kind", "head", "floor"):
        is_kept = kind == MailboxKind.ARCHIVE and id_ in with_members
        ends[id_] = 0 if is_kept else head if floor is None else floor
    return ends


def _lock_lapsed(mailboxes: Collection[bytes]) -> None:
    """Lock those whose `first` may move, before any mark: as acknowledgements do, so that neither waits for ever."""
    lapsed = Subscription.objects.filter(mailbox_id__in=mailboxes, last=None, claims=False)
    list(lapsed.select_for_update(of=("self",)).order_by("mailbox_id", "device").values_list("id"))


def _begin_later(mailbox: bytes, gone: int) -> None:
    """Tell devices that lost their claim to these envelopes that they read from behind them on: they join again."""
    lapsed = Subscription.objects.filter(mailbox_id=mailbox, last=None, claims=False, acknowledged__lt=gone)
    lapsed.filter(first__lte=gone).update(first=gone + 1)


def _delete_orphans(mailboxes: Collection[bytes]) -> None:
    """Delete those that are empty, that no device reads or may come back to, and no account belongs to."""
    subscriptions = Subscription.objects.filter(mailbox_id__in=mailboxes)
    returning = Q(returns=True, mailbox__kind=MailboxKind.CONVERSATION)
    reading = subscriptions.filter(Q(last=None) | returning).values_list("mailbox_id", flat=True)
    needed = {*reading, *_with_members(mailboxes)}
    Mailbox.objects.filter(id__in=set(mailboxes) - needed, gone__gte=F("head")).delete()


def _with_members(mailboxes: Collection[bytes]) -> set[bytes]:
    return set(Membership.objects.filter(mailbox_id__in=mailboxes).values_list("mailbox_id", flat=True))
