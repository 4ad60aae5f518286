"""ATTACKS 1, 3, 4, 24: a server whose key log lies: what the person sees, and what the saved file proves."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from keys import base64url
from tests.e2e.person import PHONE, Person
from tests.malicious.conftest import ForkingServer, account_of, is_shown_red_page, look_at_log

HOUR = 3_600_000
# So much later by this browser's clock, from the next load on.
LATER = "const now = Date.now; Date.now = () => now() + %d;"


def save_evidence(person: Person, folder: Path) -> Path:
    """Press the button; return the file."""
    with person.page.expect_download() as download:
        person.see("log-save-evidence").click()
    path = folder / f"{person.name}-evidence.json"
    download.value.save_as(path)
    return path


def test_a_split_view_kept_up_for_ever_is_found_by_the_first_message_and_both_can_prove_it(
    watching: tuple[Person, Person], server: ForkingServer, named: callable, tmp_path: Path
) -> None:
    alice, bob = watching
    server.fork(alice, {"do": "heartbeat"})
    look_at_log(alice)
    named("carol")
    look_at_log(bob)
    for person in watching:
        expect(person.see("log-alarm")).to_have_count(0)
    alice.open_conversation("bob")
    alice.send("the first message after the fork")
    is_shown_red_page(bob, "log_split")
    said = server.verdict(save_evidence(bob, tmp_path), "--export", server.origin)
    assert "PROVEN" in said
    assert "has another tree" in said
    # He goes on with who is verified; so she hears of it too.
    bob.see("log-dismiss").click()
    expect(bob.see("log-banner")).to_have_attribute("data-state", "broken")
    bob.open_conversation("alice")
    bob.sees("the first message after the fork")
    bob.send("what does your page say?")
    is_shown_red_page(alice, "log_rolled_back")
    assert server.verdict(save_evidence(alice, tmp_path)).count("signed by the log") == 2
    alice.see("log-dismiss").click()
    # She has not compared numbers with him: what she writes waits.
    expect(alice.see("log-bar")).to_be_visible()
    expect(alice.send("waits")).to_have_attribute("data-status", "waiting")


@pytest.mark.parametrize("screen", [{}, PHONE], ids=["wide", "phone"])
def test_a_device_that_was_entered_and_dropped_again_is_found_by_its_owner(
    named: callable, server: ForkingServer, tmp_path: Path, screen: dict
) -> None:
    alice = named("alice", **screen)
    look_at_log(alice)
    account = base64url.encode(account_of(alice))
    ghost = base64url.encode(b'{"type": "device_add", "of": "somebody else"}')
    server.fork(
        alice,
        {"do": "event", "account": account, "event": ghost},
        {"do": "forget", "account": account, "version": 2},
        {"do": "heartbeat"},
    )
    alice.page.reload()
    is_shown_red_page(alice, "log_own_account")
    said = server.verdict(save_evidence(alice, tmp_path))
    assert "PROVEN: leaf" in said
    assert "denies it" in said


def test_a_log_that_goes_back_is_refused(watching: tuple[Person, Person], server: ForkingServer) -> None:
    alice, _ = watching
    server.fork(alice, {"do": "heartbeat"})
    look_at_log(alice)
    server.join(alice)
    alice.page.reload()
    is_shown_red_page(alice, "log_rolled_back")
    # Whoever knows that a backup was restored can begin again with this log.
    alice.see("log-restart").click()
    alice.see("log-restart-confirm").click()
    expect(alice.see("log-alarm")).to_have_count(0)
    look_at_log(alice)
    expect(alice.see("log-banner")).to_be_hidden()


def test_a_log_that_stands_still_is_said_and_only_verified_contacts_are_sent_to(
    watching: tuple[Person, Person], server: ForkingServer
) -> None:
    alice, bob = watching
    server.fork(alice)
    server.fork(bob)
    for person in watching:
        person.context.add_init_script(LATER % (27 * HOUR))
        person.page.reload()
        expect(person.see("log-banner")).to_have_attribute("data-state", "frozen")
    alice.open_conversation("bob")
    bob.open_conversation("alice")
    expect(alice.see("log-bar")).to_be_visible()
    expect(bob.see("log-bar")).to_be_hidden()
    expect(alice.send("waits for the log")).to_have_attribute("data-status", "waiting")
    bob.send("does not wait")
    alice.sees("does not wait")
    alice.see("compare-safety").locator("visible=true").first.click()
    alice.see("verify").click()
    bob.sees("waits for the log")
