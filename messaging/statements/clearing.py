"""What clearing away needs: marks of mailboxes in which cursors have moved, and ranges that go."""

from collections.abc import Collection, Sequence

from django.db import connection

from messaging.statements.batch_rows import run_values

TAKE = "DELETE FROM messaging_passed WHERE mailbox_id IN ("
# A mark that an acknowledgement holds at this moment is left to the next turn, so that neither waits for the other.
FREE = " SELECT mailbox_id FROM messaging_passed WHERE mailbox_id IN (SELECT id FROM wanted) FOR UPDATE SKIP LOCKED"


def mark_passed(mailboxes: Collection[bytes]) -> None:
    """Note, in the transaction that moves cursors, that these mailboxes may have something to clear.

    On PostgreSQL a mark that is there already is locked until the transaction ends: else it could be taken, and the
    mailbox looked at, before the moved cursor can be seen.
    """
    if not mailboxes:
        return
    again = "UPDATE SET mailbox_id = excluded.mailbox_id" if connection.vendor == "postgresql" else "NOTHING"
    # In order, so that no two workers wait for each other.
    rows = [(mailbox,) for mailbox in sorted(set(mailboxes))]
    run_values("INSERT INTO messaging_passed (mailbox_id)", rows, f"ON CONFLICT (mailbox_id) DO {again}")


def take_marks(mailboxes: Collection[bytes]) -> set[bytes]:
    """Take the marks of mailboxes that are locked; return whose were there."""
    rows = [(mailbox,) for mailbox in sorted(mailboxes)]
    if connection.vendor == "postgresql":
        before, after = "WITH wanted(id) AS (", f") {TAKE}{FREE}) RETURNING mailbox_id"
    else:
        before, after = TAKE, ") RETURNING mailbox_id"
    return {mailbox for (mailbox,) in run_values(before, rows, after)}


def delete_range(mailbox: bytes, after: int, end: int) -> int:
    """Delete envelopes behind `after` up to `end`; only this range, because rows long deleted cost a search too.

    Return the bytes of their bodies.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM messaging_envelope WHERE mailbox_id = %s AND sequence > %s AND sequence <= %s"
            " RETURNING coalesce(length(body), 0)",
            [mailbox, after, end],
        )
        return sum(size for (size,) in cursor.fetchall())


def bury(places: Sequence[tuple[bytes, int]]) -> None:
    """Leave only sequence, id, kind, slot and hash of the envelopes at (mailbox, sequence)."""
    run_values(
        "WITH due(mailbox, sequence) AS (",
        places,
        ") UPDATE messaging_envelope SET body = NULL, subscribers = NULL, commitment = NULL, franking = NULL,"
        " expires = NULL, minute = 0 FROM due"
        " WHERE messaging_envelope.mailbox_id = due.mailbox AND messaging_envelope.sequence = due.sequence",
    )
