"""Reading what the Delivery Service remembers."""

from collections.abc import Collection
from typing import NamedTuple

from django.conf import settings
from django.db import connection
from django.db.models import Count, Exists, OuterRef, Subquery

from messaging.models import AccountQuota, Mailbox, Membership, Subscription

Live = tuple[bytes, bytes, int, int]


class Quotas(NamedTuple):
    """What an account may hold, in bytes: its share of mailboxes, and its attachments."""

    share: int
    attachments: int


def live_subscriptions(devices: Collection[bytes]) -> list[Live]:
    """Return what reaches the devices now: device, mailbox, and the mailbox's head and slot; one statement."""
    if not devices:
        return []
    # As plain rows: there are many, and Django looks at each value of each.
    statement = (
        "SELECT s.device, s.mailbox_id, m.head, m.slot FROM messaging_subscription s"  # noqa: S608 - marks only
        " JOIN messaging_mailbox m ON m.id = s.mailbox_id"
        f" WHERE s.last IS NULL AND s.device IN ({','.join(['%s'] * len(devices))})"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, list(devices))
        rows: list[Live] = cursor.fetchall()
    return rows


def last_sequences(ended: Collection[tuple[bytes, bytes]]) -> dict[tuple[bytes, bytes], int]:
    """Return up to where (device, mailbox) pairs may read whose subscription has ended."""
    if not ended:
        return {}
    devices, mailboxes = {device for device, _ in ended}, {mailbox for _, mailbox in ended}
    found = Subscription.objects.filter(device__in=devices, mailbox_id__in=mailboxes).exclude(last=None)
    return {(device, mailbox): last or 0 for device, mailbox, last in found.values_list("device", "mailbox_id", "last")}


def share_conversation(one: bytes, other: bytes) -> bool:
    """Return whether account `other` reads a conversation that `one` is a member of."""
    return bool(sharing_conversation(one, [other]))


def sharing_conversation(one: bytes, others: Collection[bytes]) -> set[bytes]:
    """Return which of the accounts `others` read a conversation that `one` is a member of; who has left does not."""
    ours = Membership.objects.filter(account=one).values("mailbox_id")
    reading = Subscription.objects.filter(account__in=list(others), last=None, mailbox_id__in=ours)
    return set(reading.values_list("account", flat=True))


def accounts_known_to(mailbox: bytes) -> set[bytes]:
    """Return the accounts that belong, or have belonged, to a mailbox."""
    members = Membership.objects.filter(mailbox_id=mailbox).values_list("account", flat=True)
    return {*members, *Subscription.objects.filter(mailbox_id=mailbox).values_list("account", flat=True)}


def stored_share(account: bytes) -> int:
    """Return an account's share of what is stored: the bytes of each mailbox, divided by the accounts it belongs to.

    Only of what one of its devices reads: nobody else keeps an account in what it has left.
    """
    count = (
        Membership.objects.filter(mailbox_id=OuterRef("id")).order_by().values("mailbox").annotate(found=Count("id"))
    )
    reading = Subscription.objects.filter(mailbox_id=OuterRef("id"), account=account, last=None)
    mailboxes = Mailbox.objects.filter(Exists(reading), membership__account=account, bytes__gt=0)
    rows = mailboxes.annotate(members=Subquery(count.values("found"))).values_list("bytes", "members")
    return sum(size // members for size, members in rows)


def quotas_of(account: bytes) -> Quotas:
    """Return the account's own quotas, or those of the settings."""
    own = AccountQuota.objects.filter(account=account).values_list("share", "attachments").first() or (None, None)
    usual = (settings.ACCOUNT_QUOTA_BYTES, settings.ATTACHMENT_QUOTA_BYTES)
    return Quotas(*(most if most is not None else default for most, default in zip(own, usual, strict=True)))


def has_full_share(account: bytes) -> bool:
    """Return whether nothing more is to be stored for the account."""
    return stored_share(account) >= quotas_of(account).share
