"""One statement for the whole batch, on SQLite and on PostgreSQL.

They work on plain rows through the database's own cursor, because Django's rewriting of a few hundred placeholders
costs more than SQLite needs to run them.
"""

from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from typing import Any

from django.db import connection

from messaging.statements.rows import ENVELOPE_COLUMNS, EnvelopeRow, MailboxRow

STORED = f""") SELECT {", ".join("NULL" if name == "body" else "e." + name for name in ENVELOPE_COLUMNS)}
    FROM wanted w CROSS JOIN messaging_envelope e WHERE e.mailbox_id = w.mailbox AND e.id = w.id"""  # noqa: S608 - ours


@lru_cache(maxsize=4096)
def _values(vendor: str, rows: int, columns: int) -> str:
    mark = "?" if vendor == "sqlite" else "%s"
    row = f"({','.join([mark] * columns)})"
    return ",".join([row] * rows)


def run_values(before: str, rows: Sequence[Sequence[object]], after: str = "") -> list[tuple[Any, ...]]:
    """Run `before VALUES (...), (...) after` on the open transaction; return the rows, if the statement gives any."""
    statement = f"{before} VALUES {_values(connection.vendor, len(rows), len(rows[0]))} {after}"
    with connection.wrap_database_errors:
        cursor = connection.connection.cursor()
        try:
            cursor.execute(statement, [value for row in rows for value in row])
            return cursor.fetchall() if cursor.description else []
        finally:
            cursor.close()


def lock_mailboxes(ids: Collection[bytes]) -> dict[bytes, MailboxRow]:
    """Lock the mailboxes in the order of their ids, so that no two workers wait for each other; skip missing ones."""
    # SQLite's transaction holds the one write lock already.
    lock = "FOR NO KEY UPDATE OF m" if connection.features.has_select_for_update else ""
    select = (
        ") SELECT m.id, m.kind, m.head, m.slot, m.bytes FROM wanted w CROSS JOIN messaging_mailbox m"
        " WHERE m.id = w.id ORDER BY m.id "
    )
    found = run_values("WITH wanted(id) AS (", [(id_,) for id_ in sorted(ids)], select + lock)
    return {row[0]: MailboxRow(*row) for row in found}


def live_subscriptions(pairs: Collection[tuple[bytes, bytes]]) -> set[tuple[bytes, bytes]]:
    """Return which (mailbox, device) are live. Asked after the lock, so that a commit on another worker counts."""
    found = run_values(
        "WITH wanted(mailbox, device) AS (",
        list(pairs),
        ") SELECT s.mailbox_id, s.device FROM wanted w CROSS JOIN messaging_subscription s"
        " WHERE s.mailbox_id = w.mailbox AND s.device = w.device AND s.last IS NULL",
    )
    return set(found)


def stored_envelopes(pairs: Collection[tuple[bytes, bytes]]) -> dict[tuple[bytes, bytes], EnvelopeRow]:
    """Return the envelopes, without bodies, that (mailbox, id) pairs name already."""
    found = run_values("WITH wanted(mailbox, id) AS (", list(pairs), STORED)
    return {(row[0], row[2]): EnvelopeRow(*row) for row in found}


INSERT = f"INSERT INTO messaging_envelope ({', '.join(ENVELOPE_COLUMNS)})"
COUNT = "UPDATE messaging_mailbox SET head = ?, slot = ?, bytes = ? WHERE id = ?"


def insert_envelopes(rows: Sequence[EnvelopeRow]) -> None:
    """Store envelopes whose sequences were given out under the lock."""
    parameters = [row.as_parameters() for row in rows]
    if connection.vendor == "sqlite":
        _run_each(f"{INSERT} VALUES ({','.join('?' * len(ENVELOPE_COLUMNS))})", parameters)
    else:
        run_values(INSERT, parameters)


def update_mailboxes(mailboxes: Iterable[MailboxRow]) -> None:
    """Write back the counts of locked mailboxes."""
    if connection.vendor == "sqlite":
        _run_each(COUNT, [(mailbox.head, mailbox.slot, mailbox.bytes, mailbox.id) for mailbox in mailboxes])
        return
    run_values(
        "WITH counted(id, head, slot, bytes) AS (",
        [(mailbox.id, mailbox.head, mailbox.slot, mailbox.bytes) for mailbox in mailboxes],
        ") UPDATE messaging_mailbox SET head = counted.head, slot = counted.slot, bytes = counted.bytes"
        " FROM counted WHERE messaging_mailbox.id = counted.id",
    )


def _run_each(statement: str, rows: Sequence[Sequence[object]]) -> None:
    """Run one short statement for each row: SQLite has no round trip to save, and writes half as fast from a list."""
    with connection.wrap_database_errors:
        connection.connection.executemany(statement, rows)


def move_cursors(rows: Sequence[tuple[bytes, bytes, int]]) -> None:
    """Move live subscriptions, (mailbox, device, sequence) each, forward to a sequence that the mailbox has reached.

    Who acknowledges claims again what comes after.
    """
    run_values(
        "WITH noted(mailbox, device, sequence) AS (",
        rows,
        ") UPDATE messaging_subscription SET acknowledged = noted.sequence, claims = TRUE"
        " FROM noted CROSS JOIN messaging_mailbox m"
        " WHERE messaging_subscription.mailbox_id = noted.mailbox AND messaging_subscription.device = noted.device"
        " AND messaging_subscription.last IS NULL AND messaging_subscription.acknowledged < noted.sequence"
        " AND m.id = noted.mailbox AND m.head >= noted.sequence",
    )
