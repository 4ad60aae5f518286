"""A browser that is locked: what stays hidden, who gets in, and what is left to somebody who forgot the passphrase."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.person import Person

PASSPHRASE = "correct horse battery staple"


@pytest.fixture
def locked(new_person: callable) -> Person:
    """Alice, whose browser is locked by a passphrase since just now."""
    alice = new_person("alice").sign_up()
    alice.page.goto("/#/settings/lock")
    alice.see("lock-set").click()
    alice.see("new-passphrase").fill(PASSPHRASE)
    alice.see("new-passphrase-again").fill(PASSPHRASE)
    alice.see("lock-save").click()
    expect(alice.see("lock-dialog")).to_have_count(0)
    expect(alice.see("lock-state")).to_have_attribute("data-state", "passphrase")
    # Whatever is open when it locks is gone with it.
    alice.see("device-open").first.click()
    alice.see("device-name").wait_for()
    other = alice.new_tab()
    other.goto("/")
    other.locator("[data-test=main]").wait_for()
    other.goto("/#/settings/lock")
    other.locator("[data-test=lock-now]").click()
    other.locator("[data-test=lock-screen]").wait_for()
    alice.see("lock-screen").wait_for()
    return alice


def test_a_locked_browser_opens_by_its_passphrase_only_and_in_every_tab(locked: Person) -> None:
    for tab in locked.context.pages:
        expect(tab.locator("dialog")).to_have_count(0)
        expect(tab.locator("body")).not_to_contain_text("alice")
    locked.page.reload()
    locked.see("unlock-passphrase").fill("wrong horse battery staple")
    locked.see("unlock").click()
    expect(locked.see("unlock-error")).to_have_text(re.compile("does not open"))
    locked.see("unlock-passphrase").fill(PASSPHRASE)
    locked.page.keyboard.press("Enter")
    for tab in locked.context.pages:
        tab.locator("[data-test=main]").wait_for()
        expect(tab.locator("[data-test=own-name]")).to_have_text("alice")


def test_who_forgot_the_passphrase_erases_the_browser_and_comes_back_with_the_recovery_key(locked: Person) -> None:
    locked.see("lock-forgot").click()
    locked.see("erase-word").fill("erase")
    locked.see("erase-confirm").click()
    locked.see("recover-username").fill("alice")
    locked.see("recover-key").fill(locked.recovery_key)
    locked.see("recover-submit").click()
    expect(locked.see("kept-device")).to_have_count(1)
    expect(locked.see("lost-submit")).to_have_text("Remove 1 device")
    locked.see("lost-submit").click()
    locked.see("main").wait_for()
    locked.page.goto("/#/settings/lock")
    expect(locked.see("lock-state")).to_have_attribute("data-state", "none")
    expect(locked.page.locator("[data-test=device][data-active=false]")).to_have_count(1)
