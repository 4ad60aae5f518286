"""Reading what the Delivery Service remembers."""

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
    """Return whether two accounts are members of the same mailbox."""
    theirs = Membership.objects.filter(account=other).values("mailbox_id")
    return Membership.objects.filter(account=one, mailbox_id__in=theirs).exists()
