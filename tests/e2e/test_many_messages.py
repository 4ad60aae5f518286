"""A long history comes to a new browser while it is used; many devices, much weather, and every text everywhere."""

import itertools
import random
import re
import time

import pytest

from tests.e2e.person import Person

MANY = 500
# Of the storm: four write in each round, so many texts each; 512 in all.
ROUNDS = 8
PIECES = 16
PROGRESS = re.compile(r"\d+ of \d+ messages")

# Notes each time the bar above the list says how far the history is.
NOTE_PROGRESS = """
globalThis.progress_said = [];
const note = () => {
  const bar = document.querySelector("[data-test=archive-bar]");
  const words = bar && !bar.hidden ? bar.textContent.trim() : "";
  if (words && words !== progress_said.at(-1)) progress_said.push(words);
};
new MutationObserver(note).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
"""


@pytest.mark.timeout(900)
def test_five_hundred_messages_come_to_a_new_browser_while_it_is_used(new_person: callable) -> None:
    alice, bob = new_person("alice").sign_up(), new_person("bob").sign_up()
    bob.accept_invitation(alice.make_invitation())
    texts = [f"message {number}" for number in range(MANY)]
    bob.send_all("alice", texts)
    alice.has_all("bob", texts)
    alice.open_settings()
    alice.archive_is("idle")

    new = new_person("alice")
    new.page.add_init_script(NOTE_PROGRESS)
    alice.link(new, "new")
    # In the middle of it: the conversation can be used, before and after the page is loaded anew.
    new.page.wait_for_function("progress_said.length > 0")
    new.open_conversation("bob")
    new.send("first")
    new.sees("first")
    said = new.page.evaluate("progress_said")
    new.page.reload()
    new.open_conversation("bob")
    bob.open_conversation("alice")
    bob.sees("first")
    bob.send("second")
    new.sees("second")
    texts += ["first", "second"]
    new.has_all("bob", texts)
    said += new.page.evaluate("progress_said")
    # Once a second: five hundred may take no longer.
    assert any(PROGRESS.match(words) for words in said), said
    assert "undecryptable" not in new.every_notice("bob")


class Device:
    """A browser of an account in a storm, and what has been written in all of them."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.offline = False

    def turn(self, *, offline: bool) -> None:
        """Take the network away, or bring it back."""
        self.offline = offline
        self.person.context.set_offline(offline)

    def reload(self) -> None:
        """Load the page anew, as somebody who is impatient does."""
        if not self.offline:
            self.person.page.reload()
            self.person.see("main").wait_for()


@pytest.fixture
def accounts(new_person: callable) -> list[tuple[Device, Device]]:
    """Three people who all know one another, with two browsers each."""
    first = [new_person(name).sign_up() for name in ("alice", "bob", "carol")]
    for one, other in itertools.combinations(first, 2):
        other.accept_invitation(one.make_invitation())
        one.open_conversation(other.name)
        one.send(f"hello {other.name}")
        other.sees(f"hello {other.name}")
    found = []
    for person in first:
        second = new_person(person.name)
        person.link(second, "second")
        found.append((Device(person), Device(second)))
    return found


@pytest.mark.timeout(900)
def test_in_any_weather_every_device_of_everybody_ends_with_the_same_texts(
    accounts: list[tuple[Device, Device]],
) -> None:
    chance = random.Random(20261129)  # noqa: S311 - weather, not keys
    names = [one.person.name for one, _ in accounts]
    expected = {frozenset(pair): [f"hello {pair[1]}"] for pair in itertools.combinations(names, 2)}
    devices = [device for both in accounts for device in both]
    for number in range(ROUNDS):
        senders = chance.sample(devices, 4)
        for sender in senders:
            name = sender.person.name
            other = chance.choice([other for other in names if other != name])
            texts = [f"{number} {name} {devices.index(sender)} to {other} {piece}" for piece in range(PIECES)]
            sender.person.begin_to_send(other, texts)
            expected[frozenset((name, other))] += texts
        shaken = chance.choice(devices)
        shaken.turn(offline=not shaken.offline)
        for sender in senders:
            sender.person.end_sending()
        chance.choice(devices).reload()
    for device in devices:
        device.turn(offline=False)
    for device in devices:
        for other in names:
            if other != device.person.name:
                has_same(device.person, other, expected[frozenset((device.person.name, other))])


def has_same(person: Person, other: str, texts: list[str]) -> None:
    """Wait until a browser has as many texts as these; they are these, each once, in whatever order."""
    deadline = time.monotonic() + 180
    while len(found := person.every_text(other)) < len(texts) and time.monotonic() < deadline:
        person.page.wait_for_timeout(200)
    missing, more = set(texts) - set(found), set(found) - set(texts)
    assert sorted(found) == sorted(texts), f"{person.name} of {other}: {missing=} {more=} {person.every_notice(other)}"
