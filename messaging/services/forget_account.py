"""Forget an account that is deleted: who it was in one transaction, what only it could read right after it."""

import logging
import time
from collections.abc import Sequence
from functools import partial

from django.db import transaction

from messaging import statements
from messaging.models import AccountQuota, MailboxKind, Membership, Report, Subscription
from messaging.services.delete_attachment import clear_remains, forget_attachments
from messaging.services.expire_envelopes import MAILBOXES, clear_mailboxes
from messaging.services.push_subscriptions import unsubscribe_push
from talk2me.errors import StorageFailed
from talk2me.sqlite_log import shorten_log

logger = logging.getLogger(__name__)

# Whoever deletes waits for it; a large archive is left to the job, which goes on in the same small pieces.
SECONDS = 5.0


def forget_account(account: bytes, devices: Sequence[bytes]) -> None:
    """Delete every row that names the account or its devices; inside the transaction of `keys` that deletes it.

    What nobody can read any more, its mailboxes and the objects of its attachments, goes after that in pieces, so that
    the writer never waits long for a large archive: at once as far as `SECONDS` take it, the rest by the jobs.
    """
    with transaction.atomic():
        mailboxes = _leave_mailboxes(account)
        attachments = forget_attachments(account)
        unsubscribe_push(devices)
        AccountQuota.objects.filter(account=account).delete()
        # What it has shown of others is theirs to answer for; who has shown it, and the words beside, go.
        Report.objects.filter(reporter=account).update(reporter=b"", note="")
        transaction.on_commit(partial(_clear_away, mailboxes, attachments), robust=True)


def _leave_mailboxes(account: bytes) -> list[bytes]:
    """Return those mailboxes that were the account's alone: nobody reads them from now on."""
    memberships = Membership.objects.filter(account=account)
    subscriptions = Subscription.objects.filter(account=account)
    kinds = dict(memberships.values_list("mailbox_id", "mailbox__kind"))
    kinds |= dict(subscriptions.values_list("mailbox_id", "mailbox__kind"))
    own = [mailbox for mailbox, kind in kinds.items() if kind != MailboxKind.CONVERSATION]
    # The mailbox before its subscriptions, and these in the order of acknowledgements: so that nobody waits for ever.
    statements.lock_mailboxes(own)
    list(subscriptions.select_for_update(of=("self",)).order_by("mailbox_id", "device").values_list("id"))
    memberships.delete()
    # Not ended but gone: an ended one still says who read here.
    subscriptions.delete()
    statements.mark_passed(list(kinds))
    return own


def _clear_away(mailboxes: Sequence[bytes], attachments: Sequence[bytes]) -> None:
    until = time.monotonic() + SECONDS
    for at in range(0, len(mailboxes), MAILBOXES):
        while time.monotonic() < until and clear_mailboxes(mailboxes[at : at + MAILBOXES]):
            pass
    try:
        clear_remains(attachments, until)
    except StorageFailed:
        logger.warning("objects of a deleted account are left to the next turn of the job")
    shorten_log()
