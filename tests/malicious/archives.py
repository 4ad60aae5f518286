"""What the server has of somebody's archive and vault, as whoever runs it sees them."""

import sqlite3
import time
from contextlib import closing

from tests.e2e.person import Person
from tests.malicious.conftest import LyingServer

ENTRIES = """
select distinct envelope.sequence, envelope.id, envelope.body from messaging_envelope as envelope
join messaging_subscription as subscription on subscription.mailbox_id = envelope.mailbox_id
where envelope.kind = 6 and subscription.account = ? order by envelope.sequence
"""
VAULT = "select vault.body from keys_vault as vault join keys_account as account on account.id = vault.account_id where account.uid = ?"  # noqa: E501

# One that comes is listed after 20 seconds, in an entry of its own.
STILL = 30


def entries_of(server: LyingServer, account_id: bytes) -> list[dict[str, object]]:
    """The entries of an account's archive in their order: `sequence`, `id` and `body` in hex."""
    rows = _ask(server, ENTRIES, account_id)
    return [{"sequence": sequence, "id": bytes(uid).hex(), "body": bytes(body).hex()} for sequence, uid, body in rows]


def vault_of(server: LyingServer, account_id: bytes) -> bytes:
    """The account's vault."""
    return bytes(_ask(server, VAULT, account_id)[0][0])


def wait_until_listed(server: LyingServer, person: Person, account_id: bytes) -> list[dict[str, object]]:
    """Wait until no entry comes any more; return them."""
    count, since = 0, time.monotonic()
    deadline = since + 200
    while time.monotonic() < since + STILL:
        assert time.monotonic() < deadline, "entries keep coming"
        person.page.wait_for_timeout(1_000)
        if len(entries_of(server, account_id)) != count:
            count, since = len(entries_of(server, account_id)), time.monotonic()
    return entries_of(server, account_id)


def _ask(server: LyingServer, question: str, account_id: bytes) -> list[tuple]:
    with closing(sqlite3.connect(f"file:{server.data}/talk2me.sqlite3?mode=ro", uri=True)) as database:
        return database.execute(question, [account_id]).fetchall()
