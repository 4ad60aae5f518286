"""A range of a mailbox in one round trip."""

from messaging import frames
from messaging.postgresql import arrays
from messaging.postgresql.pool import Pool
from messaging.services.drain_mailbox import ENDLESS, Bounds, Range, range_of
from messaging.statements.rows import ENVELOPE_COLUMNS

_COLUMNS = ", ".join(ENVELOPE_COLUMNS)


def _range(order: str) -> str:
    """Return the statement for the first rows in an order: ASC from the oldest on, DESC from the newest."""
    # `total` counts on while rows come, and the limit ends them: what lies behind the range is never read.
    return f"""
        SELECT {", ".join("e." + name for name in ENVELOPE_COLUMNS)}
        FROM messaging_subscription s CROSS JOIN LATERAL (
            SELECT {_COLUMNS}, coalesce(octet_length(body), 0) AS size,
                sum(coalesce(octet_length(body), 0)) OVER (ORDER BY sequence {order} ROWS UNBOUNDED PRECEDING) AS total
            FROM messaging_envelope WHERE mailbox_id = s.mailbox_id
                AND sequence > greatest($3::bigint, s.first - 1)
                AND sequence <= least(coalesce(s.last, {ENDLESS}), $6::bigint)
            ORDER BY sequence {order} LIMIT $4::bigint
        ) e WHERE s.mailbox_id = $1::bytea AND s.device = $2::bytea AND (total <= $5::bigint OR total = size)"""  # noqa: S608 - our own words


STATEMENTS = {
    b"forwards": _range("ASC"),
    b"backwards": _range("DESC"),
    # Asked after the envelopes, so that the head is never behind them.
    b"head": """
        SELECT s.last, m.head, m.slot FROM messaging_subscription s JOIN messaging_mailbox m ON m.id = s.mailbox_id
        WHERE s.mailbox_id = $1::bytea AND s.device = $2::bytea""",
}


async def drain(pool: Pool, device: bytes, mailbox: bytes, bounds: Bounds) -> Range:
    """Return what messaging.services.drain_mailbox does. Raises MailboxUnknown, StorageFailed."""
    who = [mailbox, device]
    values = [arrays.number(value) for value in (bounds.after, bounds.limit, frames.DRAIN_BYTES, bounds.end)]
    statement = b"forwards" if bounds.before is None else b"backwards"
    rows, head = await pool.trip((statement, [*who, *values]), (b"head", who))
    if bounds.before is not None:
        rows.reverse()
    return range_of(rows, head)
