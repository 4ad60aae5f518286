"""The mailbox that each device has to itself, for welcomes and notices."""

import secrets
from collections.abc import Collection

from django.db import transaction

from messaging import statements
from messaging.clock import this_minute
from messaging.models import Mailbox, MailboxKind, Membership, Subscription


def device_mailboxes(devices: Collection[bytes]) -> dict[bytes, bytes]:
    """Return the device mailbox of each of `devices` that has one."""
    if not devices:
        return {}
    rows = Subscription.objects.filter(device__in=list(devices), mailbox__kind=MailboxKind.DEVICE, last=None)
    return dict(rows.values_list("device", "mailbox_id"))


def open_device(account: bytes, device: bytes) -> bytes:
    """Return the id of the device's own mailbox; makes it, and subscribes the device to its account's archives.

    Harmless when repeated. An archive is read from its beginning, whenever the device was added.
    """
    with transaction.atomic():
        found = device_mailboxes([device])
        if found:
            return found[device]
        mailbox = Mailbox.objects.create(id=secrets.token_bytes(16), kind=MailboxKind.DEVICE, minute=this_minute())
        subscribe(mailbox.id, {device: account})
        archives = Membership.objects.filter(account=account, mailbox__kind=MailboxKind.ARCHIVE)
        ids = archives.values_list("mailbox_id", flat=True)
        if ids:
            statements.lock_mailboxes(list(ids))
        # Asked again under the lock: one of them may just have been erased.
        for archive in ids.all():
            subscribe(archive, {device: account})
        return mailbox.id


def subscribe(mailbox: bytes, devices: dict[bytes, bytes], first: int = 1) -> None:
    """Let each device (with its account) read the mailbox from `first` on; one that had ended starts anew."""
    Subscription.objects.bulk_create(
        [
            Subscription(mailbox_id=mailbox, device=device, account=account, first=first, acknowledged=first - 1)
            for device, account in devices.items()
        ],
        update_conflicts=True,
        unique_fields=["mailbox", "device"],
        update_fields=["account", "first", "last", "acknowledged", "claims"],
    )
