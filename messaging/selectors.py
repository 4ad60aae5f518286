"""Reading what the Delivery Service remembers."""

from collections.abc import Collection

from messaging.models import Mailbox, Membership, Subscription


def live_mailboxes(device: bytes) -> list[bytes]:
    """Return the mailboxes whose envelopes reach the device now."""
    return list(Subscription.objects.filter(device=device, last=None).values_list("mailbox_id", flat=True))


def present_subscribers(mailbox: bytes) -> tuple[list[bytes], int, int]:
    """Return the devices subscribed to a mailbox now, its head and its slot."""
    head, slot = Mailbox.objects.values_list("head", "slot").get(id=mailbox)
    devices = Subscription.objects.filter(mailbox_id=mailbox, last=None).values_list("device", flat=True)
    return list(devices), head, slot


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
