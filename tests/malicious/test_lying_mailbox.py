"""ATTACKS 8-10: a server that drops, repeats, reorders and exchanges envelopes on their way to one person."""

import pytest
from playwright.sync_api import expect

from tests.e2e.person import Person
from tests.malicious.conftest import LyingServer, account_of

ENVELOPES = ["envelope.new", "envelope.batch"]


def test_envelopes_given_twice_are_shown_once(two: tuple[Person, Person], server: LyingServer) -> None:
    alice, bob = two
    server.lie(frames=[{"do": "twice", "types": ENVELOPES, "to": account_of(alice).hex()}])
    for number in range(5):
        bob.send(f"once {number}")
    alice.sees("once 4")
    assert alice.texts() == ["before the lie", *[f"once {number}" for number in range(5)]]


def test_envelopes_in_the_wrong_order_are_shown_in_the_right_one(
    two: tuple[Person, Person], server: LyingServer
) -> None:
    alice, bob = two
    account = account_of(alice).hex()
    alice.page.goto("about:blank")
    for number in range(6):
        bob.send(f"in order {number}")
    expect(bob.message("in order 5")).to_have_attribute("data-status", "stored")
    server.lie(frames=[{"do": "reverse", "types": ENVELOPES, "to": account, "left": 3}])
    alice.open()
    alice.open_conversation("bob")
    alice.sees("in order 5")
    assert alice.texts() == ["before the lie", *[f"in order {number}" for number in range(6)]]


def test_a_frame_that_is_dropped_is_fetched_again(two: tuple[Person, Person], server: LyingServer) -> None:
    alice, bob = two
    server.lie(frames=[{"do": "drop", "types": ["envelope.new"], "to": account_of(alice).hex(), "left": 1}])
    bob.send("dropped on its way")
    # By itself: two that are stored together travel in one frame.
    server.wait_until_told()
    bob.send("and the next one")
    alice.sees("and the next one")
    alice.sees("dropped on its way")
    assert alice.texts() == ["before the lie", "dropped on its way", "and the next one"]


@pytest.mark.parametrize("way", [{"do": "body", "body": "00" * 40}, {"do": "again"}], ids=["other bytes", "repeated"])
def test_what_the_server_made_up_is_never_shown_as_somebodys_words_and_both_are_alarmed(
    two: tuple[Person, Person], server: LyingServer, way: dict
) -> None:
    alice, bob = two
    for person in two:
        person.close_every_alarm()
    server.lie(frames=[way | {"types": ENVELOPES, "to": account_of(alice).hex(), "left": 1}])
    bob.send("the first after")
    expect(bob.message("the first after")).not_to_have_attribute("data-status", "waiting")
    server.wait_until_told()
    server.lie()
    # Each tells with the next message, a receipt included, what was received; the two differ, whatever the lie hit.
    alice.send("did you write something?")
    bob.sees("did you write something?")
    bob.send("the second after")
    alice.sees("the second after")
    for person in two:
        notice = person.page.locator("[data-test=notice][data-code=history_differs]")
        expect(notice.first).to_be_visible()
    assert alice.texts().count("the first after") <= 1
    assert set(alice.texts()) <= {"before the lie", "the first after", "did you write something?", "the second after"}


def test_envelopes_that_change_places_are_told_to_the_person(two: tuple[Person, Person], server: LyingServer) -> None:
    alice, bob = two
    for person in two:
        person.close_every_alarm()
    account = account_of(alice).hex()
    alice.page.goto("about:blank")
    bob.send("first")
    bob.send("second")
    expect(bob.message("second")).to_have_attribute("data-status", "stored")
    server.lie(frames=[{"do": "exchange", "types": ENVELOPES, "to": account}])
    alice.open()
    alice.open_conversation("bob")
    alice.sees("first")
    server.lie()
    bob.was_alarmed("history_differs")
    bob.send("third")
    alice.was_alarmed("history_differs")
    alice.sees("third")
    expect(alice.page.locator("[data-test=notice][data-code=history_differs]").first).to_be_visible()


def test_a_frame_that_is_delayed_is_made_up_for_and_ignored_when_it_comes(
    two: tuple[Person, Person], server: LyingServer
) -> None:
    alice, bob = two
    delay = {"do": "delay", "seconds": 3, "types": ["envelope.new"], "to": account_of(alice).hex(), "left": 1}
    server.lie(frames=[delay])
    bob.send("delayed on its way")
    server.wait_until_told()
    bob.send("and the next one")
    alice.sees("and the next one")
    alice.page.wait_for_timeout(4_000)
    assert alice.texts() == ["before the lie", "delayed on its way", "and the next one"]
    expect(alice.see("notice")).to_have_count(0)


def test_an_older_state_of_the_mailbox_takes_nothing_back(two: tuple[Person, Person], server: LyingServer) -> None:
    alice, bob = two
    # What she is told first is what she will be told again.
    alice.page.reload()
    alice.open_conversation("bob")
    bob.send("after the state that is shown again")
    alice.sees("after the state that is shown again")
    older = {"do": "roll_back", "types": ["mailbox.page", "envelope.batch"], "to": account_of(alice).hex()}
    server.lie(frames=[older])
    alice.page.context.set_offline(True)
    bob.send("while she was away")
    alice.page.context.set_offline(False)
    alice.page.reload()
    alice.open_conversation("bob")
    alice.sees("after the state that is shown again")
    server.lie()
    bob.send("shown with the next one")
    alice.sees("shown with the next one")
    assert alice.texts()[-3:] == [
        "after the state that is shown again",
        "while she was away",
        "shown with the next one",
    ]


def test_ones_own_ciphertext_given_back_is_nobodys_words(two: tuple[Person, Person], server: LyingServer) -> None:
    """ATTACKS 9."""
    alice, bob = two
    for person in two:
        person.close_every_alarm()
    server.lie(frames=[{"do": "again", "types": ENVELOPES, "to": account_of(alice).hex(), "left": 1}])
    alice.send("my own words")
    bob.sees("my own words")
    server.wait_until_told()
    server.lie()
    expect(alice.page.locator("[data-test=notice][data-code=undecryptable]").first).to_be_visible()
    assert alice.texts() == ["before the lie", "my own words"]
    expect(alice.message("my own words")).to_have_attribute("data-own", "true")
    alice.send("did you get something?")
    bob.was_alarmed("history_differs")
    bob.sees("did you get something?")
    assert bob.texts() == ["before the lie", "my own words", "did you get something?"]


def test_an_envelope_moved_to_another_conversation_is_not_shown_there(
    two: tuple[Person, Person], new_person: callable, server: LyingServer
) -> None:
    """ATTACKS 10."""
    alice, bob = two
    alice.close_every_alarm()
    carol = new_person("carol").sign_up()
    carol.accept_invitation(alice.make_invitation())
    alice.open_conversation("carol")
    # Once her receipt is there nothing else is on its way: the lie is to hit what Bob says.
    expect(carol.send("this is carol")).to_have_attribute("data-status", "delivered")
    alice.sees("this is carol")
    server.lie(frames=[{"do": "move", "types": ["envelope.new"], "to": account_of(alice).hex(), "left": 1}])
    bob.send("only between bob and alice")
    server.wait_until_told()
    expect(alice.page.locator("[data-test=notice][data-code=undecryptable]").first).to_be_visible()
    assert alice.texts() == ["this is carol"]
    alice.open_conversation("bob")
    bob.send("the next one")
    alice.sees("the next one")
    assert alice.texts() == ["before the lie", "only between bob and alice", "the next one"]
