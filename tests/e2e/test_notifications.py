"""Being told of new messages: by a push while no page is open, and by the page's icon while it is."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.person import Person
from tests.e2e.running_server import RunningServer

NOTICES = "self.registration.getNotifications().then((all) => all.map(({ title, body }) => [title, body]))"


def worker_of(context: BrowserContext) -> object:
    """Return the service worker of a profile, waiting until it is there."""
    return context.service_workers[0] if context.service_workers else context.wait_for_event("serviceworker")


def notices(person: Person) -> list[list[str]]:
    """Return the title and the words of each notice that is shown."""
    return worker_of(person.context).evaluate(NOTICES)


class Pushes:
    """Delivers pushes to a profile as its push service would; no push service is asked."""

    def __init__(self, person: Person) -> None:
        self.origin = person.page.url.split("/#")[0].rstrip("/")
        self.registration = ""
        self.blank = person.context.new_page()
        self.session = person.context.new_cdp_session(self.blank)
        self.session.on("ServiceWorker.workerRegistrationUpdated", self._registered)

    def _registered(self, event: dict) -> None:
        for registration in event["registrations"]:
            if not registration["isDeleted"]:
                self.registration = registration["registrationId"]

    def deliver(self) -> None:
        """One push without content."""
        self.session.send("ServiceWorker.enable")
        for _ in range(100):
            if self.registration:
                break
            self.blank.wait_for_timeout(50)
        fields = {"origin": self.origin, "registrationId": self.registration, "data": ""}
        self.session.send("ServiceWorker.deliverPushMessage", fields)


def wait_for_notices(person: Person, page: Page, count: int) -> list[list[str]]:
    """Return the notices as soon as there are so many."""
    for _ in range(600):
        found = notices(person)
        if len(found) >= count:
            return found
        page.wait_for_timeout(100)
    raise AssertionError(notices(person))


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RunningServer]:
    """A server that pushes."""
    with RunningServer(tmp_path / "data", PUSH_KEY="browser tests only, browser tests only 4") as running:
        yield running


@pytest.fixture
def two(new_person: callable) -> tuple[Person, Person]:
    """Alice and Bob, who talk; both have their browser's leave to notify."""
    alice, bob = new_person("alice").sign_up(), new_person("bob").sign_up()
    for person in (alice, bob):
        person.context.grant_permissions(["notifications"])
    bob.accept_invitation(alice.make_invitation())
    alice.open_conversation("bob")
    bob.send("first")
    alice.sees("first")
    alice.send("second")
    bob.sees("second")
    return alice, bob


def turn_on(person: Person) -> None:
    """Let this browser tell of new messages."""
    person.open_settings()
    expect(person.see("notifications-state")).to_contain_text("Off")
    person.see("notifications-on").check()
    expect(person.see("notifications-state")).to_contain_text("On")
    # Its push service is none that answers here; the worker comes all the same.
    person.page.evaluate("navigator.serviceWorker.ready.then(() => true)")


def write(person: Person, text: str) -> None:
    """Send, and wait until the server has it: before that it tells nobody."""
    expect(person.send(text)).to_have_attribute("data-status", "stored")


def test_a_push_names_who_has_written_and_fetches_it(two: tuple[Person, Person]) -> None:
    alice, bob = two
    turn_on(bob)
    pushes = Pushes(bob)
    bob.page.close()
    alice.send("are you there?")
    write(alice, "hello?")
    pushes.deliver()
    assert wait_for_notices(bob, pushes.blank, 1) == [["alice", "2 new messages"]]
    # It came while no page was open: its sender is told so.
    expect(alice.message("hello?")).to_have_attribute("data-status", "delivered")
    bob.page = bob.new_tab()
    bob.open()
    bob.open_conversation("alice")
    bob.sees("hello?")
    # Profiles of tests are private windows, which have no push service.
    assert [line for line in bob.said if line.startswith("error") and "Push API" not in line] == []


def test_nothing_is_shown_while_a_page_is_seen_nor_of_who_is_muted(two: tuple[Person, Person]) -> None:
    alice, bob = two
    turn_on(bob)
    pushes = Pushes(bob)
    bob.page.bring_to_front()
    pushes.deliver()
    bob.open_conversation("alice")
    bob.see("open-contact").click()
    bob.see("mute").select_option("8")
    expect(bob.see("mute").locator("option:checked")).to_contain_text("Until")
    bob.page.close()
    write(alice, "psst")
    pushes.deliver()
    expect(alice.message("psst")).to_have_attribute("data-status", "delivered")
    assert notices(bob) == []


def test_a_locked_browser_only_says_that_there_is_something(two: tuple[Person, Person]) -> None:
    alice, bob = two
    turn_on(bob)
    bob.set_lock("four words are better")
    pushes = Pushes(bob)
    bob.page.close()
    write(alice, "a secret")
    pushes.deliver()
    assert wait_for_notices(bob, pushes.blank, 1) == [["talk2me", "New messages"]]


def test_a_page_that_is_not_seen_marks_its_icon_and_one_that_is_takes_the_mark_away(two: tuple[Person, Person]) -> None:
    alice, bob = two
    icon = bob.page.locator("link[rel=icon]")
    bob.page.goto("/#/")
    alice.send("look")
    expect(icon).to_have_attribute("href", re.compile("icon_marked"))
    expect(bob.page).to_have_title(re.compile("1"))
    bob.open_conversation("alice")
    expect(icon).to_have_attribute("href", re.compile(r"icon\.svg"))
