"""Move cursors forward, many at once."""

from collections.abc import Mapping

from django.db import transaction
from django.db.models import Exists, OuterRef

from messaging.models import Mailbox, Subscription

Cursors = Mapping[tuple[bytes, bytes], int]


def acknowledge_envelopes(cursors: Cursors) -> None:
    """Set the acknowledged sequence of each (mailbox, device); never backwards, and never beyond the mailbox's head.

    One transaction, in the order of the mailboxes' ids, so that no two workers wait for each other.
    """
    with transaction.atomic():
        for (mailbox, device), sequence in sorted(cursors.items()):
            reached = Mailbox.objects.filter(id=OuterRef("mailbox_id"), head__gte=sequence)
            Subscription.objects.filter(
                Exists(reached), mailbox_id=mailbox, device=device, last=None, acknowledged__lt=sequence
            ).update(acknowledged=sequence)
