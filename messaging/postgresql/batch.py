"""A batch in two round trips: lock and look, then store, count and commit.

The numbers are given out between the two, because each franking tag is made over its sequence.
"""

from collections.abc import Sequence

from messaging.batch import PlainItem
from messaging.postgresql import arrays
from messaging.postgresql.pipeline import Pipeline
from messaging.statements.rows import ENVELOPE_COLUMNS, EnvelopeRow, MailboxRow, Present

STATEMENTS = {
    # In the order of the ids, so that no two workers wait for each other.
    b"lock": """
        SELECT id, kind, head, slot, bytes FROM messaging_mailbox WHERE id = ANY($1::bytea[])
        ORDER BY id FOR NO KEY UPDATE""",
    # A statement of its own after the lock, and so with a snapshot of its own: it sees what other workers committed
    # while this one waited.
    b"live": """
        SELECT s.mailbox_id, s.device FROM unnest($1::bytea[], $2::bytea[]) AS w(mailbox, device)
        JOIN messaging_subscription s ON s.mailbox_id = w.mailbox AND s.device = w.device WHERE s.last IS NULL""",
    b"stored": f"""
        SELECT {", ".join("NULL" if name == "body" else "e." + name for name in ENVELOPE_COLUMNS)}
        FROM unnest($1::bytea[], $2::bytea[]) AS w(mailbox, id)
        JOIN messaging_envelope e ON e.mailbox_id = w.mailbox AND e.id = w.id""",  # noqa: S608 - our own words
    b"insert": f"""
        INSERT INTO messaging_envelope ({", ".join(ENVELOPE_COLUMNS)})
        SELECT * FROM unnest($1::bytea[], $2::bigint[], $3::bytea[], $4::bigint[], $5::bigint[], $6::bytea[],
        $7::bytea[], $8::bytea[], $9::bigint[], $10::bytea[], $11::bytea[], $12::bigint[])""",  # noqa: S608
    b"count": """
        UPDATE messaging_mailbox m SET head = c.head, bytes = c.bytes
        FROM unnest($1::bytea[], $2::bigint[], $3::bigint[]) AS c(id, head, bytes) WHERE m.id = c.id""",
}


async def look(pipeline: Pipeline, items: Sequence[PlainItem]) -> Present:
    """Begin a transaction, lock the batch's mailboxes, and return what is there."""
    mailboxes = arrays.ids([item.mailbox for item in items])
    _, locked, live, stored = await pipeline.trip(
        (b"begin", []),
        (b"lock", [arrays.ids(sorted({item.mailbox for item in items}))]),
        (b"live", [mailboxes, arrays.ids([item.device for item in items])]),
        (b"stored", [mailboxes, arrays.ids([item.id for item in items])]),
    )
    return Present(
        {row[0]: MailboxRow(*row) for row in locked}, set(live), {(row[0], row[2]): EnvelopeRow(*row) for row in stored}
    )


async def store(pipeline: Pipeline, rows: Sequence[EnvelopeRow], mailboxes: Sequence[MailboxRow]) -> None:
    """Insert the rows, write the counts of their mailboxes back, and commit."""
    columns = tuple(zip(*(row.as_parameters() for row in rows), strict=True))
    envelopes = [
        arrays.ids(columns[0]),
        arrays.numbers(columns[1]),
        arrays.ids(columns[2]),
        arrays.numbers(columns[3]),
        arrays.numbers(columns[4]),
        arrays.blobs(columns[5]),
        arrays.fixed(columns[6], 32),
        arrays.blobs(columns[7]),
        arrays.numbers(columns[8]),
        arrays.blobs(columns[9]),
        arrays.fixed(columns[10], 32),
        arrays.numbers_or_nulls(columns[11]),
    ]
    counts = [
        arrays.ids([mailbox.id for mailbox in mailboxes]),
        arrays.numbers([mailbox.head for mailbox in mailboxes]),
        arrays.numbers([mailbox.bytes for mailbox in mailboxes]),
    ]
    await pipeline.trip((b"insert", envelopes), (b"count", counts), (b"commit", []))


async def leave(pipeline: Pipeline) -> None:
    """End the transaction of a batch in which nothing was to be stored."""
    await pipeline.trip((b"commit", []))
