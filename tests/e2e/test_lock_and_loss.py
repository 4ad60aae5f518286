"""What is in a browser can be locked, and says when it was wiped and what erasing it costs."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.person import Person

PASSPHRASE = "correct horse battery"
MINUTE = 60_000

# The names of what is in a store of the browser's database.
NAMES = """
(store) => new Promise((resolve, reject) => {
  const opening = indexedDB.open("talk2me");
  opening.onerror = () => reject(opening.error);
  opening.onsuccess = () => {
    const asking = opening.result.transaction(store).objectStore(store).getAllKeys();
    asking.onsuccess = () => { opening.result.close(); resolve(asking.result); };
  };
})
"""
WIPE = """
() => new Promise((resolve, reject) => {
  const deleting = indexedDB.deleteDatabase("talk2me");
  deleting.onsuccess = () => resolve();
  deleting.onerror = () => reject(deleting.error);
})
"""


@pytest.fixture
def two(new_person: callable) -> tuple[Person, Person]:
    """Alice, to whom Bob has said something, with the conversation open on both sides."""
    alice, bob = new_person("alice").sign_up(), new_person("bob").sign_up()
    bob.accept_invitation(alice.make_invitation())
    bob.send("a secret")
    alice.open_conversation("bob")
    alice.sees("a secret")
    return alice, bob


def is_locked(page: Page) -> None:
    """The page shows the lock, and nothing of what it showed before."""
    expect(page.locator("[data-test=lock-screen]")).to_have_attribute("data-kind", "passphrase")
    assert "a secret" not in page.content()
    assert "bob" not in page.content()


def come_back(alice: Person, device_name: str) -> None:
    """With the recovery key, in the one browser that there is."""
    alice.type_recovery_key(alice.recovery_key, device_name)
    alice.see("kept-device").uncheck()
    alice.see("lost-submit").click()
    alice.open_conversation("bob")
    alice.sees("a secret")


def test_what_a_locked_browser_keeps_does_not_open_it_and_a_tab_that_comes_asks_the_others(
    two: tuple[Person, Person],
) -> None:
    alice, _ = two
    alice.set_lock(PASSPHRASE)
    first = alice.page
    alice.page = second = alice.new_tab()
    alice.open()
    alice.open_conversation("bob")
    alice.sees("a secret")
    alice.open_settings()
    alice.see("lock-now").click()
    for page in (first, second):
        is_locked(page)
    # What the browser alone could open the records with is gone.
    assert first.evaluate(NAMES, "keys") == ["lock", "mls", "sign_in"]
    alice.unlock(PASSPHRASE)
    for page in (first, second):
        page.locator("[data-test=main]").wait_for()
    second.reload()
    alice.see("main").wait_for()
    second.close()
    alice.page = first
    first.reload()
    is_locked(first)
    alice.unlock(PASSPHRASE)
    alice.open_conversation("bob")
    alice.sees("a secret")


def test_it_locks_after_a_time_in_which_nobody_touched_it(two: tuple[Person, Person]) -> None:
    alice, _ = two
    alice.set_lock(PASSPHRASE)
    alice.see("lock-timeout").select_option("1")
    # A page that is closed at once takes what it has not stored with it.
    expect(alice.see("lock-timeout")).not_to_have_attribute("aria-busy", "true")
    alice.page.close()
    alice.page = alice.new_tab()
    alice.page.clock.install()
    alice.open()
    alice.unlock(PASSPHRASE)
    alice.see("main").wait_for()
    alice.page.clock.fast_forward(MINUTE * 2 // 3)
    alice.see("search").press("Shift")
    alice.page.clock.fast_forward(MINUTE * 2 // 3)
    # Time for a lock that would be wrong.
    alice.page.wait_for_timeout(500)
    expect(alice.see("main")).to_be_visible()
    alice.page.clock.fast_forward(MINUTE)
    is_locked(alice.page)


def test_signing_out_sets_a_lock_first_and_who_unlocks_gets_what_came_meanwhile(two: tuple[Person, Person]) -> None:
    alice, bob = two
    alice.open_settings()
    alice.see("sign-out").click()
    alice.type_new_passphrase(PASSPHRASE)
    is_locked(alice.page)
    bob.send("while you were out")
    alice.unlock(PASSPHRASE)
    alice.open_conversation("bob")
    alice.sees("while you were out")


def test_a_browser_says_that_it_was_wiped_and_before_it_is_erased_what_that_costs(two: tuple[Person, Person]) -> None:
    alice, _ = two
    alice.open_settings()
    alice.archive_is("idle")
    # Another page of the same origin takes the database away: a browser does so when it has no room.
    elsewhere = alice.new_tab()
    elsewhere.goto("/api/server")
    elsewhere.evaluate(WIPE)
    elsewhere.close()
    alice.page.reload()
    expect(alice.see("cleared-note")).to_be_visible()
    alice.see("cleared-action").click()
    alice.see("choice-recover").click()
    come_back(alice, "after the wipe")

    alice.open_settings()
    alice.archive_is("idle")
    alice.see("archive-on").click()
    alice.see("archive-off-confirm").click()
    alice.archive_is("off")
    alice.see("erase").click()
    expect(alice.see("losses").locator("li")).to_have_count(2)
    expect(alice.see("losses")).to_contain_text("only device")
    expect(alice.see("losses")).to_contain_text("History is off")
    alice.erase_browser()
    alice.see("welcome").wait_for()
    alice.page.reload()
    alice.see("welcome").wait_for()
    expect(alice.see("cleared-note")).to_be_hidden()
    assert alice.page.evaluate(NAMES, "meta") == []
