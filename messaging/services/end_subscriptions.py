"""End what a device, or a suspended account, reads; called by the device itself, or inside a transaction of `keys`."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery

from messaging import statements
from messaging.models import Mailbox, MailboxKind, Membership, Subscription
from talk2me.errors import MailboxUnknown


def end_subscription(device: bytes, mailbox: bytes) -> None:
    """Let the device leave a conversation's mailbox, from the present head on; again changes nothing.

    Raises MailboxUnknown, also for a device's own mailbox and for archives.
    """
    found = Subscription.objects.filter(device=device, mailbox_id=mailbox, mailbox__kind=MailboxKind.CONVERSATION)
    if not found.exists():
        raise MailboxUnknown
    with transaction.atomic():
        _end(Subscription.objects.filter(device=device, mailbox_id=mailbox))
        found.update(returns=False)
        # One that was never used has no other members, and goes: else creating and leaving would fill the table.
        Membership.objects.filter(mailbox_id=mailbox, mailbox__head=0).delete()


def end_devices(devices: Collection[bytes]) -> None:
    """End everything that removed devices read."""
    _end(Subscription.objects.filter(device__in=list(devices)))


def end_conversations(account: bytes) -> list[bytes]:
    """End the conversations of a suspended account; its own mailboxes wait for its return. Return its devices."""
    mailboxes = Mailbox.objects.filter(kind=MailboxKind.CONVERSATION)
    _end(Subscription.objects.filter(account=account, mailbox__in=mailboxes))
    return list(Subscription.objects.filter(account=account).values_list("device", flat=True).distinct())


def _end(subscriptions: QuerySet[Subscription]) -> None:
    """End those that live; nobody claims on their account any more what is in these mailboxes."""
    head = Mailbox.objects.filter(id=OuterRef("mailbox_id")).values("head")
    with transaction.atomic():
        live = subscriptions.filter(last=None)
        # In the order of acknowledgements, and all marks at once: so that neither waits for the other.
        in_order = live.select_for_update(of=("self",)).order_by("mailbox_id", "device")
        mailboxes = list(in_order.values_list("mailbox_id", flat=True))
        live.update(last=Subquery(head))
        statements.mark_passed(mailboxes)
