"""Past messages for somebody who is added to a group: given, seen as what they are, in every browser of theirs."""

from playwright.sync_api import expect

from tests.e2e.group_steps import choose, line, make_group, open_panel
from tests.e2e.person import Person


def shows_what_was_given(person: Person) -> None:
    """The two messages of before, whose word they are, and where they end."""
    for text in ("Nine o'clock at the harbour?", "I'll bring the map"):
        person.sees(text)
        expect(person.message(text)).to_have_attribute("data-shared", "true")
    expect(person.see("shared-end")).to_have_text("Given by ana until here. talk2me can't check who wrote it.")


def says_whose_word_it_is(person: Person, text: str) -> None:
    """The details of a message name who gave it, and nobody can be reported for it."""
    person.message(text).focus()
    person.page.keyboard.press("Enter")
    menu = person.see("message-menu")
    expect(menu.locator("[data-action=report]")).to_have_count(0)
    menu.locator("[data-action=details]").click()
    expect(person.see("details-shared")).to_have_text("ana")
    person.see("details-dialog").locator("[data-test=dialog-close]").click()


def test_who_is_added_reads_what_was_said_before_where_it_was_given(new_person: callable) -> None:
    ana, ben, carla, other = (new_person(name) for name in ("ana", "ben", "carla", "carla"))
    for person in (ana, ben, carla):
        person.sign_up()
    for friend in (ben, carla):
        friend.accept_invitation(ana.make_invitation())
        friend.send(f"{friend.name} is here")
        ana.open_conversation(friend.name)
        ana.sees(f"{friend.name} is here")
    make_group(ana, "Boat trip", "ben")
    ben.open_conversation("Boat trip")
    ana.send("Nine o'clock at the harbour?")
    ben.sees("Nine o'clock at the harbour?")
    ben.send("I'll bring the map")
    ana.sees("I'll bring the map")

    open_panel(ana)
    ana.see("group-add").click()
    choose(ana, "carla")
    ana.see("add-people-history").select_option("100")
    ana.see("add-people-submit").click()
    expect(ana.see("add-people-dialog")).to_have_count(0)

    expect(line(ben, "history_given")).to_have_text("ana gave carla 2 earlier messages.")
    expect(line(ana, "history_given")).to_have_text("You gave carla 2 earlier messages.")
    carla.open_conversation("Boat trip")
    expect(line(carla, "history_given")).to_have_text("ana gave you 2 earlier messages.")
    shows_what_was_given(carla)
    says_whose_word_it_is(carla, "I'll bring the map")
    expect(ben.see("shared-end")).to_have_count(0)

    carla.page.reload()
    carla.open_conversation("Boat trip")
    shows_what_was_given(carla)
    carla.send("I've read it all")
    ben.sees("I've read it all")

    carla.name_this_device("desk")
    carla.archive_is("idle")
    carla.link(other, "laptop")
    other.open_conversation("Boat trip")
    shows_what_was_given(other)
