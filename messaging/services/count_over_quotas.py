"""What lower quotas would do to what is stored; changes nothing."""

import time
from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce, Length

from messaging.letting_go import LetGo, Stored, let_go
from messaging.models import AccountQuota, Attachment, Envelope, Mailbox, MailboxKind, Membership, Subscription
from messaging.services.make_room import IDLE_SECONDS, crowded_from
from messaging.services.store_attachment import EACH_BYTES


@dataclass
class Crowded:
    """Of all conversations: how many let go of something, for how many devices, what goes, and how many stay full."""

    conversations: int = 0
    devices: int = 0
    envelopes: int = 0
    bytes: int = 0
    full: int = 0


def count_crowded(quota: int) -> Crowded:
    """Say what conversations let go of, each when somebody writes there next, if a mailbox has `quota` bytes."""
    found = Crowded()
    crowded = Mailbox.objects.filter(kind=MailboxKind.CONVERSATION, bytes__gte=crowded_from(quota))
    for mailbox in crowded.values_list("id", flat=True).iterator():
        gone = _let_go(mailbox, crowded_from(quota))
        found.conversations += gone.devices > 0
        found.devices += gone.devices
        found.envelopes += gone.envelopes
        found.bytes += gone.bytes
        found.full += gone.left >= quota
    return found


def count_full_archives(quota: int) -> int:
    """Return how many archives have `quota` bytes or more."""
    return Mailbox.objects.filter(kind=MailboxKind.ARCHIVE, bytes__gte=quota).count()


def count_full_accounts(quota: int) -> int:
    """Return how many accounts have a share of `quota` bytes or more, as `selectors.stored_share` counts it.

    Those with a quota of their own are left out.
    """
    count = Membership.objects.filter(mailbox_id=OuterRef("mailbox_id")).order_by().values("mailbox")
    reading = Subscription.objects.filter(mailbox_id=OuterRef("mailbox_id"), account=OuterRef("account"), last=None)
    rows = Membership.objects.filter(Exists(reading), mailbox__bytes__gt=0)
    rows = rows.annotate(members=Subquery(count.annotate(found=Count("id")).values("found")))
    shares: Counter[bytes] = Counter()
    for account, size, members in rows.values_list("account", "mailbox__bytes", "members").iterator():
        shares[account] += size // members
    own = set(AccountQuota.objects.exclude(share=None).values_list("account", flat=True))
    return sum(share >= quota for account, share in shares.items() if account not in own)


def count_full_senders(quota: int) -> int:
    """Return how many can't begin the smallest attachment any more, without those that have a quota of theirs."""
    own = AccountQuota.objects.exclude(attachments=None).values("account")
    rows = Attachment.objects.exclude(account__in=own).values("account").annotate(used=Sum("size"), count=Count("id"))
    return sum(used + (count + 1) * EACH_BYTES >= quota for used, count in rows.values_list("used", "count"))


def _let_go(mailbox: bytes, crowded: int) -> LetGo:
    cursors = Subscription.objects.filter(mailbox_id=mailbox, last=None, claims=True)
    rows = Envelope.objects.filter(mailbox_id=mailbox).order_by("sequence")
    sizes = rows.values_list("sequence", Coalesce(Length("body"), 0), "minute")
    return let_go(
        list(cursors.values_list("acknowledged", flat=True)),
        [Stored(*row) for row in sizes.iterator()],
        crowded,
        int(time.time()) - IDLE_SECONDS,
    )
