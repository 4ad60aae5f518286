"""Read a range of a mailbox."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from msgspec import Struct

from messaging import frames
from messaging.frames import Envelope
from messaging.services.accept_envelopes import handed_out
from messaging.statements.rows import ENVELOPE_COLUMNS, EnvelopeRow
from talk2me.errors import MailboxUnknown

SUBSCRIPTION = "SELECT first, last FROM messaging_subscription WHERE mailbox_id = %s AND device = %s"
RANGE = f"""
    SELECT {", ".join(ENVELOPE_COLUMNS)} FROM messaging_envelope
    WHERE mailbox_id = %s AND sequence > %s AND sequence <= %s ORDER BY sequence {{}} LIMIT %s"""  # noqa: S608 - ours
FORWARDS, BACKWARDS = RANGE.format("ASC"), RANGE.format("DESC")
HEAD = """
    SELECT s.last, m.head, m.slot FROM messaging_subscription s JOIN messaging_mailbox m ON m.id = s.mailbox_id
    WHERE s.mailbox_id = %s AND s.device = %s"""
ENDLESS = 2**63 - 1


class Bounds(Struct, frozen=True):
    """Up to `limit` envelopes: the oldest behind `after`, or with `before` the newest between the two."""

    after: int
    limit: int
    before: int | None = None

    @property
    def end(self) -> int:
        """The last sequence that lies within."""
        return ENDLESS if self.before is None else self.before - 1


class Range(Struct, frozen=True):
    """Envelopes in order; `head` and `slot` of the mailbox, of an ended subscription its `last` and 0."""

    head: int
    slot: int
    envelopes: list[Envelope]


def drain_mailbox(device: bytes, mailbox: bytes, bounds: Bounds) -> Range:
    """Return, in rising order, what the device may read within `bounds`, about 1 MiB at most, at least one if any.

    What has expired comes without body; what everyone has acknowledged does not come. Raises MailboxUnknown.
    (messaging/postgresql/drain.py does the same in one round trip.)
    """
    with connection.cursor() as cursor, connection.cursor() as envelopes:
        cursor.execute(SUBSCRIPTION, [mailbox, device])
        subscription = cursor.fetchone()
        if subscription is None:
            raise MailboxUnknown
        first, last = subscription
        # With a cursor of its own: one that is left before its end is closed.
        after, end = max(bounds.after, first - 1), min(bounds.end, ENDLESS if last is None else last)
        statement = FORWARDS if bounds.before is None else BACKWARDS
        envelopes.execute(statement, [mailbox, after, end, bounds.limit])
        rows = _up_to_the_limit(envelopes)
        if bounds.before is not None:
            rows.reverse()
        # Read after the envelopes, so that it is never behind them.
        cursor.execute(HEAD, [mailbox, device])
        return range_of(rows, cursor.fetchall())


def range_of(rows: Iterable[Sequence[Any]], head: Sequence[Sequence[Any]]) -> Range:
    """Return the range of `rows`, in the order of ENVELOPE_COLUMNS, and of HEAD's row. Raises MailboxUnknown."""
    if not head:
        raise MailboxUnknown
    last, newest, slot = head[0]
    envelopes = [handed_out(EnvelopeRow(*row)) for row in rows]
    return Range(newest if last is None else last, slot if last is None else 0, envelopes)


def _up_to_the_limit(rows: Iterable[Sequence[Any]]) -> list[Sequence[Any]]:
    """Return the first rows with bodies of DRAIN_BYTES together; SQLite does not even read the others."""
    taken: list[Sequence[Any]] = []
    total = 0
    body = ENVELOPE_COLUMNS.index("body")
    for row in rows:
        total += len(row[body] or b"")
        if taken and total > frames.DRAIN_BYTES:
            break
        taken.append(row)
    return taken
