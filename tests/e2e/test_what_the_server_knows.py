"""Somebody looks at what the server has of them, takes a copy, and deletes the account: then it has nothing more."""

import base64
import json
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from playwright.sync_api import expect

from tests.e2e.group_steps import make_group
from tests.e2e.running_server import RunningServer
from tests.e2e.test_canary import server_files

# Other names than any that a path, a text or a random id may have in it.
NAME = "marguerite-thibault"


def places_of(needles: dict[str, bytes], data: Path) -> set[tuple[str, str]]:
    """Return (needle's name, file) for each that stands in a file of the server."""
    files = server_files(data)
    return {(name, file) for name, needle in needles.items() for file, content in files.items() if needle in content}


def places_left(needles: dict[str, bytes], data: Path) -> set[tuple[str, str]]:
    """Return what `places_of` does once SQLite's log is cut off: by the jobs, where somebody was in the way of it."""
    deadline = time.monotonic() + 150
    while True:
        found = places_of(needles, data)
        if not any(file.endswith("-wal") for _, file in found) or time.monotonic() > deadline:
            return found
        time.sleep(1)


def test_an_account_is_looked_at_downloaded_and_deleted_and_whoever_it_talked_to_is_told(
    new_person: callable, server: RunningServer
) -> None:
    alice, bob = new_person(NAME).sign_up(), new_person("bob").sign_up()
    bob.accept_invitation(alice.make_invitation())
    bob.send("hello")
    alice.open_conversation("bob")
    alice.sees("hello")
    alice.send("hello to you")
    bob.sees("hello to you")
    make_group(bob, "walkers", NAME)
    alice.open_conversation("walkers")

    # She looks.
    alice.open_settings()
    rows = alice.see("known-row")
    expect(rows.filter(has_text=f"Your name: {NAME}")).to_be_visible()
    expect(rows.filter(has_text="Device 1, this browser")).to_be_visible()
    expect(rows.filter(has_text="Your contacts and settings")).to_contain_text("kB")
    opened = alice.see("known-open").filter(has_text="2 conversations")
    opened.focus()
    opened.press("Enter")
    expect(rows.filter(has_text="Conversation 2").last).to_be_visible()
    alice.see("known-reload").click()
    expect(alice.see("known-time")).to_contain_text("Counted")

    # She takes a copy, as the server told it.
    with alice.page.expect_download() as download:
        alice.see("known-save").click()
    known = json.loads(Path(download.value.path()).read_text())
    assert known["account"]["username"] == NAME
    ids = {"account": known["account"]["account"], "device": known["devices"][0]["device"]}
    ids |= {
        f"own {row['mailbox']}": row["mailbox"] for row in known["mailboxes"]["rows"] if row["kind"] != "conversation"
    }
    needles = {name: base64.urlsafe_b64decode(value + "==") for name, value in ids.items()} | {"name": NAME.encode()}
    found = {name for name, _ in places_of(needles, server.data)}
    assert found == needles.keys()

    # She deletes it, and it takes the word.
    alice.see("delete-account").click()
    expect(alice.see("delete-account-confirm")).to_be_disabled()
    alice.see("delete-account-word").fill("erase")
    expect(alice.see("delete-account-confirm")).to_be_disabled()
    alice.see("delete-account-word").fill("Delete")
    alice.see("delete-account-confirm").click()
    alice.see("welcome").wait_for()
    expect(alice.see("alert-dialog")).to_have_count(0)

    # The others are told, and go on.
    bob.open_conversation(NAME)
    expect(bob.see("stopped-bar")).to_have_attribute("data-code", "account_deleted")
    expect(bob.lines("account_deleted")).to_have_count(1)
    bob.sees("hello to you")
    bob.open_conversation("walkers")
    expect(bob.lines("left")).to_contain_text(NAME)
    bob.send("without her")

    # Nothing of it is in the server's files, but that her device was subscribed when somebody else's change came in:
    # that waits with the change itself.
    left = places_left(needles, server.data)
    assert {name for name, _ in left} <= {"device", "account"}, left
    leaves_nothing_but_group_states(server, needles)

    # The name is free, and whoever takes it is a stranger.
    again = new_person(NAME).sign_up()
    assert again.recovery_key != alice.recovery_key
    expect(bob.page.locator(f"[data-test=conversation-item][data-username='{NAME}']")).to_have_count(1)


def leaves_nothing_but_group_states(server: RunningServer, needles: dict[str, bytes]) -> None:
    """Ids still stand in public states of groups, and in who was subscribed (docs/what_the_server_knows.md 2)."""
    with closing(sqlite3.connect(server.data / "talk2me.sqlite3", timeout=60)) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        places = set()
        for table in tables:
            rows = database.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - names of tables
            columns = [column[0] for column in rows.description]
            for row in rows:
                for column, value in zip(columns, row, strict=True):
                    stored = value if isinstance(value, bytes) else str(value).encode()
                    places |= {f"{table}.{column}" for needle in needles.values() if needle in stored}
    allowed = {"messaging_groupinfo.body", "messaging_envelope.body", "messaging_envelope.subscribers"}
    assert places <= allowed
