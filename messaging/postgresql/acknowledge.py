"""Cursors moved forward in one round trip: what messaging.services.acknowledge_envelopes does."""

from collections.abc import Sequence

from messaging.postgresql import arrays
from messaging.postgresql.pool import Pool

STATEMENTS = {
    b"move": """
        UPDATE messaging_subscription s SET acknowledged = n.sequence, claims = TRUE
        FROM unnest($1::bytea[], $2::bytea[], $3::bigint[]) AS n(mailbox, device, sequence)
        JOIN messaging_mailbox m ON m.id = n.mailbox AND m.head >= n.sequence
        WHERE s.mailbox_id = n.mailbox AND s.device = n.device AND s.last IS NULL AND s.acknowledged < n.sequence""",
    # A mark that is there already is locked until the commit: messaging.statements.clearing says why.
    b"mark": """
        INSERT INTO messaging_passed (mailbox_id) SELECT * FROM unnest($1::bytea[])
        ON CONFLICT (mailbox_id) DO UPDATE SET mailbox_id = excluded.mailbox_id""",
}


async def acknowledge(pool: Pool, rows: Sequence[tuple[bytes, bytes, int]]) -> None:
    """Move (mailbox, device, sequence) each, in order, so that no two workers wait for each other.

    Raises StorageFailed.
    """
    mailboxes, devices, sequences = zip(*rows, strict=True)
    await pool.trip(
        (b"begin", []),
        (b"move", [arrays.ids(mailboxes), arrays.ids(devices), arrays.numbers(sequences)]),
        # Each once, still in order.
        (b"mark", [arrays.ids(list(dict.fromkeys(mailboxes)))]),
        (b"commit", []),
    )
