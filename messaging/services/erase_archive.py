"""Erase an account's archive."""

from collections.abc import Collection

from django.db import transaction

from messaging import statements
from messaging.models import MailboxKind, Membership, Subscription
from talk2me.errors import MailboxUnknown


def erase_archive(account: bytes, mailbox: bytes) -> None:
    """Let nobody read the account's archive any more, from this transaction on; expiry deletes what is in it.

    Its id stays taken until then. Raises MailboxUnknown, also for what is no archive and when it has been erased.
    """
    with transaction.atomic():
        # The mailbox before its subscriptions, as everyone does: the writer waits, and then finds no subscriber.
        found = statements.lock_mailboxes([mailbox]).get(mailbox)
        if found is None or found.kind != MailboxKind.ARCHIVE:
            raise MailboxUnknown
        if not _erase(account, [mailbox]):
            raise MailboxUnknown


def erase_archives(account: bytes) -> None:
    """Erase whatever archives the account has; inside a transaction of `keys` that holds its devices."""
    belonging = Membership.objects.filter(account=account, mailbox__kind=MailboxKind.ARCHIVE)
    mailboxes = list(belonging.values_list("mailbox_id", flat=True))
    if mailboxes:
        statements.lock_mailboxes(mailboxes)
        _erase(account, mailboxes)


def _erase(account: bytes, mailboxes: Collection[bytes]) -> bool:
    """Return whether any was the account's; the mailboxes are locked."""
    belonged, _ = Membership.objects.filter(mailbox_id__in=mailboxes, account=account).delete()
    if not belonged:
        return False
    subscriptions = Subscription.objects.filter(mailbox_id__in=mailboxes)
    # In the order of acknowledgements, so that neither waits for the other.
    list(subscriptions.select_for_update(of=("self",)).order_by("mailbox_id", "device").values_list("id"))
    # Not ended but gone: who has an ended subscription may still read what came before.
    subscriptions.delete()
    statements.mark_passed(mailboxes)
    return True
