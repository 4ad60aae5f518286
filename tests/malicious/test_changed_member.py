"""A member whose browser keeps to no rules, among two people with real ones: what their screens say of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.group_steps import line, make_group, member, open_panel
from tests.e2e.person import Person
from tests.e2e.test_files import photo
from tests.malicious.conftest import ForkingServer
from tests.malicious.mallory import Mallory

Circle = tuple[Person, Person, Mallory]


@pytest.fixture
def circle(server: ForkingServer, named: callable) -> Iterator[Circle]:
    """Ana and Ben in browsers, and Mallory; Ana knows both, and they have a group."""
    ana, ben = named("ana"), named("ben")
    ben.accept_invitation(ana.make_invitation())
    with Mallory(server.origin) as mallory:
        mallory.do("meet", ana.make_invitation())
        ana.open_conversation("mallory")
        begin(ana, ben, mallory, "Boat trip")
        yield ana, ben, mallory


def begin(ana: Person, ben: Person, mallory: Mallory, title: str) -> None:
    """Make a group of the three, open on both screens."""
    make_group(ana, title, "ben", "mallory")
    ben.open_conversation(title)
    mallory.do("enter", title)
    ana.send(f"Welcome to the {title}")
    ben.sees(f"Welcome to the {title}")
    mallory.do("hear", f"Welcome to the {title}")


def they_talk(ana: Person, ben: Person, text: str) -> None:
    """Both go on, each hears the other."""
    ana.send(text)
    ben.sees(text)
    ben.send(f"{text}, says Ben")
    ana.sees(f"{text}, says Ben")


def is_told(person: Person, code: str, words: str) -> None:
    """Wait until the screen says once what was refused, and by whom."""
    expect(line(person, code)).to_have_count(1)
    expect(line(person, code)).to_contain_text(words)


def test_mallory_changes_deletes_and_takes_over_no_message_and_is_named_on_every_screen(circle: Circle) -> None:
    ana, ben, mallory = circle
    said = "We meet at nine"
    ana.send(said)
    ben.sees(said)
    mallory.do("hear", said)
    mallory.do("edit", said, "We meet at ten")
    mallory.do("delete", said)
    mallory.do("replace", said, "I never said nine")
    mallory.do("misquote", said, "We are not going", "as I wrote")
    for person in (ana, ben):
        person.sees("as I wrote")
        is_told(person, "refused_edit", "mallory tried to change somebody else's message. This was refused.")
        is_told(person, "refused_delete", "mallory tried to delete somebody else's message. This was refused.")
        quote = person.message("as I wrote").locator("[data-test=quote]")
        expect(quote).to_contain_text(said)
        expect(quote).to_contain_text("You" if person is ana else "ana")
        expect(quote).not_to_contain_text("We are not going")
        assert person.texts() == ["Welcome to the Boat trip", said, "as I wrote"]
        expect(person.message(said).locator("[data-test=edited]").locator("visible=true")).to_have_count(0)
    expect(ana.message(said)).to_have_attribute("data-own", "true")
    ben.page.reload()
    ben.open_conversation("Boat trip")
    ben.sees(said)
    is_told(ben, "refused_edit", "mallory")
    they_talk(ana, ben, "and so it stays")


def test_mallory_puts_herself_in_charge_of_nothing_and_both_screens_say_that_she_tried(circle: Circle) -> None:
    ana, ben, mallory = circle
    mallory.do("seize")
    for person in (ana, ben):
        is_told(person, "refused_roles", "mallory tried to change who is in charge. This was refused.")
        expect(line(person, "role_changed")).to_have_count(0)
    they_talk(ana, ben, "who is in charge?")
    for person in (ana, ben):
        open_panel(person)
        expect(member(person, "mallory")).to_have_attribute("data-role", "member")
        expect(member(person, "ana")).to_have_attribute("data-role", "owner")
    # Ben may change the title, and is offered nothing that would be refused.
    expect(ben.see("group-edit")).to_be_visible()
    for name in ("group-who-adds", "group-who-edits", "group-who-writes"):
        expect(ben.see(name)).to_be_disabled()
        expect(ana.see(name)).to_be_enabled()


def test_the_viewer_shows_what_was_pressed_though_mallory_sends_the_same_picture_under_other_names(
    circle: Circle, tmp_path: Path
) -> None:
    ana, ben, mallory = circle
    ana.see("attach-files").set_input_files(photo(ana, tmp_path))
    ana.send("at the lake")
    mallory.do("hear", "at the lake")
    ben.sees("at the lake")
    ben.see("file-picture").click()
    ben.see("viewer-close").click()
    mallory.do("reuse_picture", "at the lake", "my own pictures")
    ben.sees("my own pictures")
    tiles = ben.see("file-picture")
    expect(tiles).to_have_count(4)
    name, number = ben.see("image-viewer").locator(".viewer-name"), ben.see("viewer-number")
    for at, file in enumerate(("photo.jpg", "first.jpg", "second.jpg")):
        tiles.nth(at).click()
        expect(name).to_have_text(file)
        expect(number).to_have_text(f"{at + 1} of 4")
        ben.see("viewer-close").click()
    tiles.first.click()
    for at, file in enumerate(("first.jpg", "second.jpg"), 2):
        ben.see("viewer-after").click()
        expect(name).to_have_text(file)
        expect(number).to_have_text(f"{at} of 4")
    # What she has no key of is not shown, though it has been open here under another name.
    ben.see("viewer-after").click()
    expect(ben.see("file-image").nth(3)).to_have_attribute("data-transfer", "failed")
    expect(name).to_have_text("second.jpg")
    ben.see("viewer-before").click()
    expect(name).to_have_text("first.jpg")


def test_mallory_brings_nobody_in_and_whom_she_brought_reads_nothing(circle: Circle) -> None:
    ana, ben, mallory = circle
    for person in (ana, ben):
        person.close_every_alarm()
    mallory.do("smuggle")
    for person in (ana, ben):
        is_told(person, "refused_add", "mallory tried to add somebody. This was refused.")
        expect(line(person, "added").filter(has_text="eve")).to_have_count(0)
    they_talk(ana, ben, "just us")
    # Her browser goes on by itself and names Eve again, which nobody else can read: that is put right as well.
    they_talk(ana, ben, "still just us")
    # For a moment the server delivered to whom she had named: that was her doing, and is not said of the server.
    for person in (ana, ben):
        assert "subscribers_differ" not in person.alarms
        expect(line(person, "subscribers_differ")).to_have_count(0)
    for person in (ana, ben):
        open_panel(person)
        expect(member(person, "ben")).to_have_count(1)
        expect(member(person, "eve")).to_have_count(0)
    assert mallory.do("eve_has") == []
