"""ATTACKS 11, 13, 19: what a server makes of the archive that a new device reads, and of the vault."""

import os
from dataclasses import dataclass

import pytest
from playwright.sync_api import expect

from keys import base64url
from tests.e2e.person import Person
from tests.malicious.archives import vault_of, wait_until_listed
from tests.malicious.conftest import LyingServer, account_of
from tests.malicious.stored import traces_of_account

READING = ["envelope.batch", "envelope.new", "mailbox.page"]
SAID = ["said to be kept", "kept as well"]


@dataclass
class Archived:
    """Somebody with an archive of some messages, and what the server holds of it."""

    person: Person
    account_id: bytes
    entries: list[dict[str, object]]
    vault: bytes


@pytest.fixture
def archived(two: tuple[Person, Person], server: LyingServer) -> Archived:
    """Alice, all of whose messages are in her archive."""
    alice, _ = two
    account_id = account_of(alice)
    alice.open_conversation("bob")
    for text in SAID:
        expect(alice.send(text)).to_have_attribute("data-status", "delivered")
    entries = wait_until_listed(server, alice, account_id)
    return Archived(alice, account_id, entries, vault_of(server, account_id))


def come_back(new: Person, recovery_key: str) -> Person:
    """Alice, with a new browser, who keeps her other device; she closes what alarms her."""
    new.close_every_alarm()
    new.recover(recovery_key, "new")
    new.see("kept-device").check()
    new.see("lost-submit").click()
    new.see("main").wait_for()
    return new


def test_an_entry_that_is_left_out_is_told_with_the_number_to_who_reads_the_archive(
    archived: Archived, new_person: callable, server: LyingServer
) -> None:
    server.lie(frames=[{"do": "leave_out", "types": READING, "sequences": [archived.entries[0]["sequence"]]}])
    new = come_back(new_person("alice"), archived.person.recovery_key)
    new.was_alarmed("archive_incomplete")
    new.page.goto("/#/settings/history")
    expect(new.see("archive-missing")).to_contain_text("1 message that the server should have kept is missing")


def test_a_new_device_takes_no_entry_for_the_vault_and_nothing_else_for_an_entry(
    archived: Archived, new_person: callable, server: LyingServer
) -> None:
    own = archived.entries[0]
    as_vault = {"version": 9, "vault": base64url.encode(bytes.fromhex(str(own["body"])))}
    server.lie(answers=[{"do": "instead", "path": "/api/vault$", "method": "GET", "answer": as_vault}])
    new = new_person("alice")
    new.open()
    new.see("have-account").click()
    new.see("choice-recover").click()
    new.see("recover-username").fill("alice")
    new.see("recover-key").fill(archived.person.recovery_key)
    new.see("recover-submit").click()
    expect(new.see("recover-error")).to_have_text("What the server keeps for your account could not be opened.")
    assert traces_of_account(new.page) == []

    injected = [
        {"id": os.urandom(16).hex(), "body": os.urandom(300).hex()},
        {"id": os.urandom(16).hex(), "body": own["body"]},
        {"id": os.urandom(16).hex(), "body": archived.vault.hex()},
    ]
    server.lie(frames=[{"do": "inject", "types": READING, "to": archived.account_id.hex(), "entries": injected}])
    new.page.goto("about:blank")
    come_back(new, archived.person.recovery_key)
    new.page.goto("/#/settings/history")
    new.archive_is("idle")
    expect(new.see("archive-missing")).to_be_hidden()
    assert new.every_text("bob") == ["before the lie", *SAID]
    assert "archive_incomplete" not in new.alarms
    expect(new.see("unread-badge").locator("visible=true")).to_have_count(0)
