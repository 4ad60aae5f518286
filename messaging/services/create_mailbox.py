"""Make a conversation's or an archive's mailbox."""

from django.db import IntegrityError, transaction

from keys import selectors as keys
from messaging.clock import this_minute
from messaging.models import Mailbox, MailboxKind, Membership, Subscription
from messaging.services.open_device_mailboxes import subscribe
from talk2me.errors import IdConflict, QuotaReached

# Memberships of one account; a conversation that it left does not count.
MOST_MAILBOXES = 5000


def create_mailbox(account: bytes, device: bytes, mailbox: bytes, kind: MailboxKind) -> list[bytes]:
    """Make the mailbox and subscribe its creator; an archive's whole account. Return the devices subscribed.

    The same again, while it is empty, changes nothing. Raises IdConflict or QuotaReached.
    """
    with transaction.atomic():
        found = Mailbox.objects.filter(id=mailbox).first()
        if found is not None:
            mine = Subscription.objects.filter(mailbox_id=mailbox, device=device, last=None).exists()
            if not mine or found.kind != kind or found.head:
                raise IdConflict
            return list(Subscription.objects.filter(mailbox_id=mailbox, last=None).values_list("device", flat=True))
        if Membership.objects.filter(account=account).count() >= MOST_MAILBOXES:
            raise QuotaReached
        try:
            with transaction.atomic():
                Mailbox.objects.create(id=mailbox, kind=kind, minute=this_minute())
        except IntegrityError as error:
            raise IdConflict from error
        devices = [device]
        if kind == MailboxKind.ARCHIVE:
            devices = keys.active_devices([account]).get(account, devices)
        subscribe(mailbox, dict.fromkeys(devices, account))
        Membership.objects.create(mailbox_id=mailbox, account=account)
        return devices
