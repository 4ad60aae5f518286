"""The statements of the hot path, all of them: what the writer does to a batch inside its one transaction.

`batch_rows` has those that both databases understand, on Django's connection of the writer's thread. What is asked most
often has a shorter way on PostgreSQL: messaging/postgresql.
"""

from messaging.statements.batch_rows import (
    insert_envelopes,
    live_subscriptions,
    lock_mailboxes,
    move_cursors,
    stored_envelopes,
    update_mailboxes,
)
from messaging.statements.clearing import bury, delete_range, mark_passed, take_marks
from messaging.statements.rows import ENVELOPE_COLUMNS, EnvelopeRow, MailboxRow, Present

__all__ = [
    "ENVELOPE_COLUMNS",
    "EnvelopeRow",
    "MailboxRow",
    "Present",
    "bury",
    "delete_range",
    "insert_envelopes",
    "live_subscriptions",
    "lock_mailboxes",
    "mark_passed",
    "move_cursors",
    "stored_envelopes",
    "take_marks",
    "update_mailboxes",
]
