"""What the database holds in the end, read past Django and all of our own code."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import psycopg


@dataclass
class Stored:
    """One mailbox: `rows` by sequence are (id, SHA-256 of the body); `acknowledged` by device."""

    head: int
    slot: int
    rows: dict[int, tuple[bytes, bytes]] = field(default_factory=dict)
    commit_slots: list[int] = field(default_factory=list)
    acknowledged: dict[bytes, int] = field(default_factory=dict)

    @property
    def acknowledged_by_all(self) -> int:
        """Everyone has everything up to here."""
        return min(self.acknowledged.values(), default=0)


def read_mailboxes(url: str) -> dict[bytes, Stored]:
    """Return every conversation's mailbox of the database at `url`."""
    ask = _ask_sqlite if url.startswith("sqlite") else _ask_postgresql
    mailboxes, envelopes, subscriptions = ask(
        url,
        "SELECT id, head, slot FROM messaging_mailbox WHERE kind = 2",
        "SELECT mailbox_id, sequence, id, hash, kind, slot FROM messaging_envelope ORDER BY mailbox_id, sequence",
        "SELECT mailbox_id, device, acknowledged FROM messaging_subscription WHERE last IS NULL",
    )
    found = {bytes(id_): Stored(head, slot) for id_, head, slot in mailboxes}
    for mailbox, sequence, id_, hash_, kind, slot in envelopes:
        if bytes(mailbox) in found:
            stored = found[bytes(mailbox)]
            stored.rows[sequence] = bytes(id_), bytes(hash_)
            if kind == 2:
                stored.commit_slots.append(slot)
    for mailbox, device, sequence in subscriptions:
        if bytes(mailbox) in found:
            found[bytes(mailbox)].acknowledged[bytes(device)] = sequence
    return found


def _ask_postgresql(url: str, *questions: str) -> list[list[tuple[Any, ...]]]:
    with psycopg.connect(url, connect_timeout=10) as connection:
        return [connection.execute(question.encode()).fetchall() for question in questions]


def _ask_sqlite(url: str, *questions: str) -> list[list[tuple[Any, ...]]]:
    with closing(sqlite3.connect(urlsplit(url).path, timeout=20)) as connection:
        return [connection.execute(question).fetchall() for question in questions]
