"""Move cursors forward, many at once."""

from collections.abc import Sequence

from django.db import transaction

from messaging import statements


def acknowledge_envelopes(rows: Sequence[tuple[bytes, bytes, int]]) -> None:
    """Set the acknowledged sequence of (mailbox, device, sequence) each; never backwards, never beyond the head."""
    with transaction.atomic():
        statements.move_cursors(rows)
        statements.mark_passed({mailbox for mailbox, _, _ in rows})
