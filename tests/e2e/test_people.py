"""Not hearing somebody: muted, blocked, reported; and what whoever runs the server sees of it."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.group_steps import make_group
from tests.e2e.operator import open_admin
from tests.e2e.person import PHONE, Person
from tests.e2e.running_server import RunningServer


@pytest.fixture
def two(new_person: callable) -> tuple[Person, Person]:
    """Alice, and Bob with a phone: connected, each with the conversation open."""
    alice, bob = new_person("alice").sign_up(), new_person("bob", **PHONE).sign_up()
    bob.accept_invitation(alice.make_invitation())
    alice.open_conversation("bob")
    bob.send("hello")
    alice.sees("hello")
    return alice, bob


def test_what_is_muted_is_counted_in_the_list_and_nowhere_else(two: tuple[Person, Person]) -> None:
    alice, bob = two
    bob.see("open-contact").click()
    bob.see("mute").select_option("8")
    expect(bob.see("mute").locator("option:checked")).to_contain_text("Until")
    # However long its words are, they stay in the panel.
    box = bob.see("mute").bounding_box()
    assert box is not None
    assert box["x"] + box["width"] < 380
    bob.see("contact-close").click()
    bob.see("conversation-back").click()
    item = bob.see("conversation-item")
    expect(item.get_by_label("muted", exact=True)).to_be_visible()
    alice.send("psst")
    expect(bob.see("unread-badge")).to_have_text("1")
    expect(bob.page).to_have_title("talk2me")
    expect(bob.page.locator("link[rel=icon]")).to_have_attribute("href", re.compile(r"icon\.svg"))
    expect(bob.see("live-region").first).to_be_empty()
    bob.open_conversation("alice")
    bob.see("open-contact").click()
    bob.see("mute").select_option("0")
    bob.see("contact-close").click()
    bob.see("conversation-back").click()
    expect(item.get_by_label("muted", exact=True)).to_be_hidden()
    alice.send("hey")
    expect(bob.page).to_have_title(re.compile("1"))


def test_who_is_blocked_is_heard_no_more_and_folded_away_in_groups(two: tuple[Person, Person]) -> None:
    alice, bob = two
    make_group(alice, "Boat trip", "bob")
    alice.send("all aboard")
    bob.see("open-contact").click()
    bob.see("block").click()
    bob.see("block-confirm").click()
    expect(bob.see("block-dialog")).to_have_count(0)
    bob.see("contact-close").click()
    expect(bob.see("blocked-bar")).to_contain_text("You have blocked alice.")
    expect(bob.see("composer")).to_have_count(0)
    bob.see("conversation-back").click()
    # Only the group is in the list, and it doesn't say what she wrote there.
    expect(bob.see("conversation-item")).to_have_count(1)
    expect(bob.see("conversation-last")).to_have_text("alice: Blocked by you")
    bob.open_conversation("Boat trip")
    fold = bob.see("message-fold")
    expect(fold).to_be_visible()
    expect(bob.message("all aboard")).to_be_visible()
    expect(bob.see("message-text")).to_be_hidden()
    fold.press("Enter")
    expect(bob.see("message-text")).to_be_visible()
    expect(fold).to_have_attribute("aria-expanded", "true")
    alice.open_conversation("bob")
    unheard = alice.send("can you hear me?")
    expect(unheard).to_have_attribute("data-status", "stored")
    bob.page.goto("/#/settings")
    bob.see("settings").wait_for()
    expect(bob.see("blocked-person")).to_contain_text("alice")
    bob.see("unblock").click()
    expect(bob.see("blocked-person")).to_have_count(0)
    bob.see("settings-close").click()
    bob.open_conversation("alice")
    alice.send("and now?")
    bob.sees("and now?")
    assert "can you hear me?" not in bob.texts()
    expect(unheard).to_have_attribute("data-status", "stored")


def test_a_reported_message_is_all_that_whoever_runs_the_server_sees(
    two: tuple[Person, Person], new_profile: callable, server: RunningServer
) -> None:
    alice, bob = two
    bob.send("my answer is nobody's business")
    alice.send("an earlier word")
    alice.send("you will be sorry <b>soon</b>")
    bob.sees("you will be sorry <b>soon</b>")
    bob.message("you will be sorry <b>soon</b>").focus()
    bob.page.keyboard.press("Enter")
    bob.see("message-menu").locator("[data-action=report]").click()
    expect(bob.see("report-shown")).to_have_text("you will be sorry <b>soon</b>")
    bob.see("report-note").fill("this is a threat")
    bob.see("report-block").check()
    bob.see("report-confirm").click()
    expect(bob.see("report-dialog")).to_have_count(0)
    expect(bob.see("blocked-bar")).to_be_visible()

    admin = open_admin(new_profile(), server)
    admin.goto("/admin/messaging/report/")
    expect(admin.locator("#result_list tbody tr")).to_have_count(1)
    row = admin.locator("#result_list tbody tr")
    for words in ("alice", "bob", "you will be sorry <b>soon</b>"):
        expect(row).to_contain_text(words)
    row.locator("a").first.click()
    page = admin.locator("#content")
    for words in ("this is a threat", "you will be sorry <b>soon</b>"):
        expect(page).to_contain_text(words)
    expect(page.locator("pre b")).to_have_count(0)
    for words in ("an earlier word", "nobody's business", "hello"):
        expect(page).not_to_contain_text(words)
