"""`python -m benchmarks.key_log.day <folder> <accounts> <hours>`: what a browser fetches a day to watch the log.

A model, from the sizes of answers of the log in the database of the settings; and beside it what a session of the
browser's own modules, in Node, did fetch from a server on it while the log grew as assumed. Prints bytes of bodies as
JSON.
"""

import json
import secrets
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django

django.setup()

from django.conf import settings  # noqa: E402 - needs loaded apps
from django.db import transaction  # noqa: E402

from benchmarks.key_log.measured import LEAF_BYTES, as_answered  # noqa: E402
from benchmarks.servers.running import ROOT, inherited, started  # noqa: E402
from keys import base64url  # noqa: E402
from keys.key_log import leaf as leaves  # noqa: E402
from keys.log_storage.reader import head_size  # noqa: E402
from keys.log_storage.tables import TABLES  # noqa: E402
from keys.log_storage.writer import Entering, LogWriter  # noqa: E402
from tests.factories import FakeAccount, add_device, make_account  # noqa: E402

# A browser that is open all day looks each hour (static/js/session/start_device.js).
LOOKS = 24
# Of all accounts, those that add or remove a browser a day: each every 20 days. People seldom do so by themselves; some
# browsers drop what a page has stored when it was not opened for a week.
EVENTS_SHARE = 0.05
# And those that are new: a server that doubles in ten weeks. Each has an event and a name.
NEW_SHARE = 0.01
CONTACTS = 50
# What a browser's own chain has: made, and two more browsers.
OWN_EVENTS = 3


@dataclass(frozen=True)
class Day:
    """Bytes of bodies, by what they are for."""

    own: float
    contacts: float
    leaves: float

    @property
    def total(self) -> float:
        """All of them."""
        return self.own + self.contacts + self.leaves

    def told(self) -> dict[str, int]:
        """Return the parts and their sum."""
        return {name: round(getattr(self, name)) for name in ("own", "contacts", "leaves", "total")}


def leaves_an_hour(accounts: int) -> float:
    """Return by how much the log grows in 1/LOOKS of a day. An account that is new brings two leaves."""
    return accounts * (EVENTS_SHARE + 2 * NEW_SHARE) / LOOKS


def expected(own_answer: int, contact_answer: int, accounts: int, hours: int, changed_contacts: float) -> Day:
    """Return what so many looks fetch: the own chain each time, a contact's when it has grown, all leaves once."""
    grown = round(leaves_an_hour(accounts)) * hours + changed_contacts
    return Day(own_answer * hours, contact_answer * changed_contacts, LEAF_BYTES * grown)


def fetched(folder: Path, accounts: int, hours: int) -> dict[str, Any]:
    """Return the model of a day, and for so many hours of one what the model says and what was fetched."""
    contacts = [make_account(f"contact{secrets.token_hex(6)}") for _ in range(CONTACTS)]
    by_hour = changed_contacts(contacts, hours)
    changed = sum(map(len, by_hour))
    since = max(1, head_size() - round(leaves_an_hour(accounts)))
    usual = make_account(f"usual{secrets.token_hex(6)}")
    for _ in range(OWN_EVENTS - 1):
        add_device(usual)
    answer = len(as_answered(usual.account_id, since))
    port = urlsplit(settings.ORIGIN).port or 0
    server = [sys.executable, "-m", "talk2me.server", "--host", "127.0.0.1", "--port", str(port)]
    with started(server, port, folder / "day.log", inherited()):
        came, account = _looks(contacts, by_hour, round(leaves_an_hour(accounts)))
    first = len(as_answered(account, since))
    of_contact = next((len(as_answered(contact.account_id, since)) for hour in by_hour for contact in hour), 0)
    return {
        "day": expected(answer, answer, accounts, LOOKS, CONTACTS * EVENTS_SHARE).told(),
        "hours": hours,
        "model": expected(first, of_contact, accounts, hours, changed).told(),
        "session": came,
        "session / model": round(
            (came["own"] + came["contacts"] + came["leaves"] + came["other"])
            / expected(first, of_contact, accounts, hours, changed).total,
            3,
        ),
    }


def changed_contacts(contacts: list[FakeAccount], hours: int) -> list[list[FakeAccount]]:
    """Say in which hour which contacts add a browser, evenly over the hours."""
    changed = max(1, round(CONTACTS * EVENTS_SHARE * hours / LOOKS))
    found: list[list[FakeAccount]] = [[] for _ in range(hours)]
    for number in range(changed):
        found[(number + 1) * hours // (changed + 1)].append(contacts[number])
    return found


def _looks(contacts: list[FakeAccount], by_hour: list[list[FakeAccount]], others: int) -> tuple[dict[str, int], bytes]:
    """Let the log grow by an hour and the session look, again and again; return what came, and who looked."""
    ids = [base64url.encode(contact.account_id) for contact in contacts]
    script = str(ROOT / "benchmarks/key_log/session.js")
    command = ["node", "--no-warnings", "--experimental-websocket", script, settings.ORIGIN, *ids]
    came: dict[str, int] = {}
    with subprocess.Popen(  # noqa: S603 - our own words
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
    ) as node:
        assert node.stdin is not None
        assert node.stdout is not None
        account = base64url.decode(json.loads(node.stdout.readline())["account"])
        for changed in by_hour:
            _grow(others)
            for contact in changed:
                add_device(contact)
            node.stdin.write("look\n")
            for name, value in json.loads(node.stdout.readline()).items():
                came[name] = came.get(name, 0) + value
        node.stdin.close()
    return came, account


def _grow(count: int) -> None:
    """Add what others did in an hour: leaves alone are what a session sees of it."""
    with transaction.atomic():
        log = LogWriter(TABLES)
        people = [secrets.token_bytes(16) for _ in range(count)]
        log.enter([Entering(leaves.ACCOUNT, leaves.account_index(uid, 1), b"event") for uid in people])


if __name__ == "__main__":
    json.dump(fetched(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])), sys.stdout)
