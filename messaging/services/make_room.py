"""In a conversation that is nearly full, let go of what is only kept for a device that has long been away."""

import time

from django.conf import settings
from django.db import transaction

from messaging import statements
from messaging.models import Envelope, MailboxKind, Subscription

# A device is not away because its last acknowledgement is still on its way.
IDLE_SECONDS = 3600


def crowded_from(quota: int | None = None) -> int:
    """Return the bytes from which on room should be made in a mailbox, that of the settings or one of `quota`."""
    most = int(settings.MAILBOX_QUOTA_BYTES) if quota is None else quota
    return most - most // 8


def make_room(mailbox: bytes) -> bool:
    """Drop the claim of those who lag longest, if others have read on; return whether there is something to clear now.

    Their subscriptions live on. When such a device comes back it finds a gap, and joins again by an external commit.
    """
    with transaction.atomic():
        row = statements.lock_mailboxes([mailbox]).get(mailbox)
        if row is None or row.kind != MailboxKind.CONVERSATION or row.bytes < crowded_from():
            return False
        claims = Subscription.objects.filter(mailbox_id=mailbox, last=None, claims=True)
        cursors = list(claims.order_by("acknowledged").values_list("acknowledged", flat=True))
        # Where nobody has read more, nothing would become free.
        if not cursors or cursors[0] == cursors[-1]:
            return False
        # Of an expired one nothing says when it came.
        unread = Envelope.objects.filter(mailbox_id=mailbox, sequence__gt=cursors[0], minute__gt=0).order_by("sequence")
        oldest = unread.values_list("minute", flat=True).first()
        if oldest is None or oldest > time.time() - IDLE_SECONDS:
            return False
        claims.filter(acknowledged=cursors[0]).update(claims=False)
        statements.mark_passed([mailbox])
        return True
