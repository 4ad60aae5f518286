"""Somebody with other software (MLS by mls-rs, the rest written from docs/) talks with somebody in our browser code."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.e2e.person import Person
from tests.e2e.running_server import RunningServer
from tests.interop.pat import Pat


@pytest.fixture
def talking(new_person: callable, server: RunningServer) -> Iterator[tuple[Person, Pat]]:
    """Alice in a browser has started a conversation with Pat, who has joined."""
    alice = new_person("alice").sign_up()
    pat = Pat(server.origin)
    alice.start_with("pat")
    alice.send("hello from a browser")
    pat.join()
    yield alice, pat
    pat.api.socket.close()


def test_an_independent_implementation_talks_with_the_browser_both_ways(talking: tuple[Person, Pat]) -> None:
    alice, pat = talking
    assert pat.hear() == ["hello from a browser"]
    pat.say("hello from mls-rs — grüße")
    alice.sees("hello from mls-rs — grüße")
    alice.send("how is the weather in Rust?")
    assert pat.hear() == ["how is the weather in Rust?"]
    for number in range(10):
        pat.say(f"drop {number}")
    alice.sees("drop 9")
    assert [text for text in alice.texts() if text.startswith("drop")] == [f"drop {number}" for number in range(10)]


def test_a_garbage_commit_costs_one_slot_and_the_group_goes_on(talking: tuple[Person, Pat]) -> None:
    alice, pat = talking
    pat.hear()
    before = pat.api.ask("group_info.fetch", mailbox=pat.mailbox)
    accepted = pat.api.ask(
        "commit.send", mailbox=pat.mailbox, id=b"garbage commit 1", slot=before["slot"], body=b"\0\1\0\2garbage",
        members=before["members"], subscribers=before["subscribers"], welcomes=[], group_info=before["body"],
    )  # fmt: skip
    assert accepted["slot"] == before["slot"] + 1
    alice.send("still here")
    assert "still here" in pat.hear()
    pat.say("and so am I")
    alice.sees("and so am I")
    expect(alice.see("stopped-bar")).to_be_hidden()


def test_bytes_that_are_no_content_become_a_notice_and_stop_nothing(talking: tuple[Person, Pat]) -> None:
    alice, pat = talking
    pat.hear()
    slot = pat.api.ask("group_info.fetch", mailbox=pat.mailbox)["slot"]
    bodies = (b"not even MLS", pat.mls.encrypt(b"not a content"), pat.mls.encrypt(bytes(256)))
    for number, body in enumerate(bodies):
        pat.api.ask(
            "envelope.send", mailbox=pat.mailbox, id=bytes([number]) * 16, kind="application", slot=slot, body=body,
            commitment=bytes(32), expires_in=None,
        )  # fmt: skip
    pat.say("and now a real one")
    alice.sees("and now a real one")
    expect(alice.see("notice").first).to_be_visible()
    assert [text for text in alice.texts() if "content" in text] == []
