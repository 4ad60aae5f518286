"""Make a conversation's or an archive's mailbox."""

from django.db import IntegrityError, transaction
from django.db.models import Count

from keys import selectors as keys
from keys import services as key_services
from messaging.clock import this_minute
from messaging.models import Mailbox, MailboxKind, Membership, Subscription
from messaging.services.open_device_mailboxes import subscribe
from talk2me.errors import IdConflict, QuotaReached, Unauthenticated

# What one account reads: a conversation that it left does not count, else others could use its number up.
MOST_MAILBOXES = 5000
# They never expire.
MOST_ARCHIVES = 4


def create_mailbox(account: bytes, device: bytes, mailbox: bytes, kind: MailboxKind) -> list[bytes]:
    """Make the mailbox and subscribe its creator; an archive's whole account. Return the devices subscribed.

    The same again, while it is empty, changes nothing. Raises IdConflict or QuotaReached; Unauthenticated when account
    or device are gone.
    """
    with transaction.atomic():
        # Held, so that the account does not go meanwhile. And a device that is being added now would find no archive,
        # and not be found.
        key_services.hold_devices(account)
        if device not in keys.active_devices([account]).get(account, []):
            raise Unauthenticated
        found = Mailbox.objects.filter(id=mailbox).first()
        if found is not None:
            mine = Subscription.objects.filter(mailbox_id=mailbox, device=device, last=None).exists()
            if not mine or found.kind != kind or found.head:
                raise IdConflict
            return list(Subscription.objects.filter(mailbox_id=mailbox, last=None).values_list("device", flat=True))
        reading = Subscription.objects.filter(account=account, last=None, mailbox__kind=kind)
        most = MOST_ARCHIVES if kind == MailboxKind.ARCHIVE else MOST_MAILBOXES
        if reading.aggregate(found=Count("mailbox_id", distinct=True))["found"] >= most:
            raise QuotaReached
        try:
            with transaction.atomic():
                Mailbox.objects.create(id=mailbox, kind=kind, minute=this_minute())
        except IntegrityError as error:
            raise IdConflict from error
        devices = [device]
        if kind == MailboxKind.ARCHIVE:
            devices = keys.active_devices([account])[account]
        subscribe(mailbox, dict.fromkeys(devices, account))
        Membership.objects.create(mailbox_id=mailbox, account=account)
        return devices
