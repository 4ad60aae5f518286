"""Search between real browsers: what was said is found by how its words begin, and opens where it stands."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.person import Person


@pytest.fixture
def two(new_person: Callable[..., Person]) -> tuple[Person, Person]:
    """Alice and Bob, who have said a few things."""
    alice, bob = new_person("alice").sign_up(), new_person("bob").sign_up()
    bob.accept_invitation(alice.make_invitation())
    alice.open_conversation("bob")
    bob.send("lanterns from bob")
    alice.sees("lanterns from bob")
    return alice, bob


def test_a_message_is_found_among_many_and_opens_where_it_stands(two: tuple[Person, Person]) -> None:
    alice, bob = two
    alice.send("the heron stood at the weir")
    for number in range(30):
        alice.send(f"and then something else, {number}")
    bob.sees("and then something else, 29")
    expect(bob.message("the heron stood at the weir")).not_to_be_in_viewport()
    bob.see("search").fill("hero wei")
    found = bob.see("found-item")
    expect(found).to_have_count(1)
    expect(found.locator("mark")).to_have_text(["heron", "weir"])
    found.click()
    expect(bob.message("the heron stood at the weir")).to_be_in_viewport()


def test_a_search_is_narrowed_to_whose_messages_they_are(two: tuple[Person, Person]) -> None:
    alice, bob = two
    alice.send("lanterns from alice")
    bob.sees("lanterns from alice")
    alice.see("search").fill("lantern")
    expect(alice.see("found-item")).to_have_count(2)
    alice.see("found-author").select_option(label="bob")
    expect(alice.see("found-item")).to_have_count(1)
    expect(alice.see("found-item")).to_contain_text("lanterns from bob")
    alice.see("search").fill("nobody said this")
    expect(alice.see("found-none")).to_be_visible()
