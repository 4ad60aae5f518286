"""Linking, the list of devices and the lock on the screen of a phone, light and dark."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.person import PHONE, Person

WIDTH = 390
PASSPHRASE = "correct horse battery"

# Nothing is wider than its place: neither the page nor what stands in a dialog of its own.
FITS = """
(width) => [document.documentElement, ...document.querySelectorAll("dialog[open], .panel-scroll, .sheet")]
  .every((element) => element.scrollWidth <= Math.min(width, element.clientWidth + 1))
"""


class Album:
    """Pictures of what a person sees, in both colour schemes, each only when it fits."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.count = 0

    def add(self, person: Person, name: str) -> None:
        """Check that the page fits and take two pictures of it."""
        self.count += 1
        for scheme in ("light", "dark"):
            person.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            person.page.wait_for_function(FITS, arg=WIDTH)
            person.page.screenshot(path=self.folder / f"{self.count:02} {name} {scheme}.png")


@pytest.fixture
def album(tmp_path: Path) -> Album:
    """Pictures in the test's own folder."""
    return Album(tmp_path)


def test_a_phone_links_another_one(new_person: callable, album: Album) -> None:
    alice, new = new_person("alice", **PHONE).sign_up(), new_person("alice", **PHONE)
    alice.open_settings()
    album.add(alice, "settings")
    alice.see("link-device").click()
    album.add(alice, "before the code")
    alice.see("link-start").click()
    expect(alice.see("link-text")).not_to_be_empty()
    album.add(alice, "code")
    new.open()
    new.see("have-account").click()
    album.add(new, "choice")
    new.see("choice-link").click()
    new.see("link-code").fill(alice.see("link-text").inner_text())
    new.see("link-device-name").fill("phone of the other pocket")
    album.add(new, "code typed")
    new.see("link-submit").click()
    expect(alice.see("link-dialog-short-code")).to_be_visible()
    expect(new.see("link-short-code")).to_have_text(alice.see("link-dialog-short-code").inner_text())
    album.add(alice, "short code here")
    album.add(new, "short code there")
    alice.see("link-same").click()
    new.see("main").wait_for()
    album.add(new, "linked")
    expect(alice.see("link-dialog")).to_have_attribute("data-result", "done")
    album.add(alice, "done")
    alice.see("link-done").click()
    row = alice.device("phone of the other pocket")
    row.scroll_into_view_if_needed()
    album.add(alice, "devices")
    row.locator("[data-test=device-open]").click()
    expect(alice.see("safety-group")).to_have_count(6)
    album.add(alice, "device")


def test_a_phone_is_locked(new_person: callable, album: Album) -> None:
    alice = new_person("alice", **PHONE).sign_up()
    alice.open_settings()
    alice.see("lock-set").click()
    album.add(alice, "lock dialog")
    alice.type_new_passphrase(PASSPHRASE)
    expect(alice.see("lock-state")).to_have_attribute("data-state", "passphrase")
    alice.see("lock-now").scroll_into_view_if_needed()
    album.add(alice, "lock section")
    alice.see("lock-now").click()
    alice.see("lock-screen").wait_for()
    album.add(alice, "locked")
    alice.unlock("something else")
    expect(alice.see("unlock-error")).not_to_be_empty()
    album.add(alice, "wrong")
    alice.see("lock-forgot").click()
    album.add(alice, "erase")
    alice.see("erase-dialog").locator("[data-test=dialog-close]").click()
    alice.unlock(PASSPHRASE)
    alice.see("main").wait_for()
