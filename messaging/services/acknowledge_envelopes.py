"""Move cursors forward, many at once."""

from collections.abc import Mapping
from itertools import islice

from django.db import transaction

from messaging import statements

CURSORS_TOGETHER = 500


def acknowledge_envelopes(cursors: Mapping[tuple[bytes, bytes], int]) -> None:
    """Set the acknowledged sequence of each (mailbox, device); never backwards, never beyond the mailbox's head."""
    # In order, so that no two workers wait for each other.
    waiting = iter(sorted((mailbox, device, sequence) for (mailbox, device), sequence in cursors.items()))
    while rows := list(islice(waiting, CURSORS_TOGETHER)):
        with transaction.atomic():
            statements.move_cursors(rows)
            statements.mark_passed({mailbox for mailbox, _, _ in rows})
