"""ATTACKS 18: what a browser keeps is put back to an older state, or copied: real profiles, file by file."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.browser_profiles import PATIENCE, QUIET
from tests.e2e.person import Person
from tests.malicious.conftest import LyingServer


@pytest.fixture
def open_profile(chromium: Browser, server: LyingServer) -> Iterator[callable]:
    """A function that opens a profile which lies in a folder."""
    open_contexts: list[BrowserContext] = []
    system = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

    def open_in(folder: Path) -> BrowserContext:
        context = chromium.browser_type.launch_persistent_context(
            folder, executable_path=system, args=QUIET, base_url=server.origin
        )
        context.set_default_timeout(PATIENCE)
        open_contexts.append(context)
        return context

    yield open_in
    for context in open_contexts:
        context.close()


@pytest.fixture
def copied(open_profile: callable, new_person: callable, tmp_path: Path) -> tuple[Path, Path, Person]:
    """Alice's profile, closed; a copy of it; and Bob, with whom she talked before it was copied."""
    alice, bob = Person("alice", open_profile(tmp_path / "alice")).sign_up(), new_person("bob").sign_up()
    bob.accept_invitation(alice.make_invitation())
    alice.open_conversation("bob")
    bob.send("before the copy")
    alice.sees("before the copy")
    expect(alice.send("from before the copy")).to_have_attribute("data-status", "delivered")
    alice.context.close()
    shutil.copytree(tmp_path / "alice", tmp_path / "copy")
    return tmp_path / "alice", tmp_path / "copy", bob


def come_back(context: BrowserContext) -> Person:
    """Alice, with a profile in which she has signed up; she closes what alarms her."""
    alice = Person("alice", context)
    alice.close_every_alarm()
    alice.open()
    alice.open_conversation("bob")
    return alice


def test_a_profile_that_was_put_back_goes_on_with_fresh_keys_and_says_so(
    copied: tuple[Path, Path, Person], open_profile: callable
) -> None:
    own, copy, bob = copied
    alice = come_back(open_profile(own))
    expect(alice.send("after the copy")).to_have_attribute("data-status", "delivered")
    bob.send("an answer to that")
    alice.sees("an answer to that")
    assert alice.alarms == []
    alice.context.close()
    alice = come_back(open_profile(copy))
    alice.was_alarmed("state_rolled_back")
    expect(alice.page.locator("[data-test=notice][data-code=state_rolled_back]")).to_be_visible()
    expect(alice.send("with fresh keys")).to_have_attribute("data-status", "delivered")
    bob.sees("with fresh keys")
    # Had it used a key again, Bob could not have opened that; nothing else came that he could not open.
    expect(bob.page.locator("[data-test=notice][data-code=undecryptable]")).to_have_count(0)
    assert "clone_found" not in alice.alarms


def test_a_copy_that_connects_is_told_to_the_one_that_was_copied(
    copied: tuple[Path, Path, Person], open_profile: callable
) -> None:
    own, copy, bob = copied
    alice = come_back(open_profile(own))
    alice.send("it's me")
    bob.sees("it's me")
    thief = come_back(open_profile(copy))
    alice.was_alarmed("clone_found")
    # What it has is older than what Alice has acknowledged since: it can only write after joining anew, which Bob sees.
    thief.send("from the copy")
    bob.sees("from the copy")
    expect(bob.page.locator("[data-test=notice][data-code=device_removed]").first).to_be_visible()
    thief.context.close()
    alice.page.reload()
    alice.open_conversation("bob")
    alice.send("me again")
    bob.sees("me again")


def test_a_copy_of_a_second_device_is_told_there_and_bothers_no_other(
    open_profile: callable, new_person: callable, tmp_path: Path
) -> None:
    alice, bob = new_person("alice").sign_up(), new_person("bob").sign_up()
    alice.close_every_alarm()
    bob.accept_invitation(alice.make_invitation())
    alice.open_conversation("bob")
    bob.send("before the second device")
    alice.sees("before the second device")
    second = Person("alice", open_profile(tmp_path / "second"))
    second.recover(alice.recovery_key, "second")
    second.see("kept-device").check()
    second.see("lost-submit").click()
    second.see("main").wait_for()
    second.open_conversation("bob")
    bob.send("to both devices")
    second.sees("to both devices")
    second.context.close()
    shutil.copytree(tmp_path / "second", tmp_path / "copy")
    second = come_back(open_profile(tmp_path / "second"))
    expect(second.send("it's me")).to_have_attribute("data-status", "delivered")
    thief = come_back(open_profile(tmp_path / "copy"))
    second.was_alarmed("clone_found")
    thief.context.close()
    alice.send("from the first device")
    bob.sees("from the first device")
    alice.sees("it's me")
    assert not {"clone_found", "state_rolled_back", "history_differs"} & set(alice.alarms)
    expect(bob.page.locator("[data-test=notice][data-code=undecryptable]")).to_have_count(0)
