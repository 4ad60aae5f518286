"""Three people in a group: they talk, change it, and come and go."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.group_steps import (
    add_people,
    ask_by_link,
    choose_picture,
    leave,
    line,
    make_group,
    make_link,
    member,
    open_panel,
    remove,
    rename,
    set_role,
)
from tests.e2e.person import PHONE, Person

Three = tuple[Person, Person, Person]


def connect(one: Person, other: Person) -> None:
    """Let two people know one another, by a link."""
    other.accept_invitation(one.make_invitation())
    one.open_conversation(other.name)


@pytest.fixture
def three(new_person: callable) -> Three:
    """Ana, Ben and Carla; Ana knows the other two, who don't know one another."""
    ana, ben, carla = (new_person(name).sign_up() for name in ("ana", "ben", "carla"))
    connect(ana, ben)
    connect(ana, carla)
    for other in (ben, carla):
        other.send(f"{other.name} is here")
    for name in ("ben", "carla"):
        ana.open_conversation(name)
        ana.sees(f"{name} is here")
    return ana, ben, carla


@pytest.fixture
def group(three: Three) -> Three:
    """The three of them in Ana's group, each with it open."""
    ana, ben, carla = three
    make_group(ana, "Boat trip", "ben", "carla")
    for person in (ben, carla):
        person.open_conversation("Boat trip")
    return three


def test_three_people_talk_in_a_group_and_see_who_wrote(group: Three) -> None:
    ana, ben, carla = group
    sent = ana.send("Nine o'clock at the harbour?")
    for person in (ben, carla):
        person.sees("Nine o'clock at the harbour?")
    ben.send("Fine with me")
    carla.sees("Fine with me")
    ana.sees("Fine with me")
    expect(sent).to_have_attribute("data-status", "delivered")
    expect(carla.see("conversation-item").filter(has_text="Boat trip")).to_contain_text("ben: Fine with me")
    carla.page.reload()
    carla.open_conversation("Boat trip")
    carla.sees("Fine with me")
    carla.send("I was away for a moment")
    ben.sees("I was away for a moment")
    assert [said for person in group for said in person.said if said.startswith("error")] == []


def test_a_new_title_and_a_new_admin_are_seen_by_everybody(group: Three) -> None:
    ana, ben, carla = group
    rename(ana, "Lake trip")
    for person in group:
        expect(person.see("conversation-title")).to_have_text("Lake trip")
    expect(line(ben, "title_changed")).to_have_text("ana named the group “Lake trip”.")
    set_role(ana, "ben", "admin")
    expect(line(carla, "role_changed")).to_have_text("ana made ben an admin.")
    expect(line(ben, "role_changed")).to_have_text("ana made you an admin.")
    for person in (ben, carla):
        open_panel(person)
        expect(member(person, "ben")).to_have_attribute("data-role", "admin")
    # Only those in charge are offered what only they may do.
    expect(ben.see("group-add")).to_be_visible()
    expect(carla.see("group-add")).to_be_hidden()
    carla.see("composer-input").fill("half written")
    ana.see("group-who-writes").select_option("admins")
    expect(carla.see("only-admins")).to_be_visible()
    expect(carla.see("composer")).to_have_count(0)
    ben.send("only some of us write now")
    carla.sees("only some of us write now")
    ana.see("group-who-writes").select_option("members")
    expect(carla.see("composer-input")).to_have_value("half written")


def test_who_is_removed_sees_it_and_reads_nothing_more(group: Three) -> None:
    ana, ben, carla = group
    ana.send("before")
    carla.sees("before")
    remove(ana, "carla")
    expect(carla.see("stopped-bar")).to_have_attribute("data-code", "removed")
    expect(carla.see("composer")).to_have_count(0)
    expect(line(ben, "removed")).to_have_text("ana removed carla.")
    ana.send("after")
    ben.sees("after")
    carla.sees("before")
    # Time for something that would be wrong.
    carla.page.wait_for_timeout(1500)
    expect(carla.message("after")).to_have_count(0)


def test_who_was_removed_can_be_added_again(group: Three) -> None:
    ana, _ben, carla = group
    remove(ana, "carla")
    expect(carla.see("stopped-bar")).to_be_visible()
    add_people(ana, "carla")
    expect(carla.see("composer")).to_be_visible()
    ana.send("welcome back")
    carla.sees("welcome back")


def test_who_leaves_is_out_and_the_others_go_on(group: Three) -> None:
    ana, ben, carla = group
    leave(carla)
    expect(carla.see("stopped-bar")).to_have_attribute("data-code", "left")
    expect(carla.see("composer")).to_have_count(0)
    expect(line(ben, "left")).to_contain_text("carla left")
    open_panel(ana)
    expect(member(ana, "carla")).to_have_count(0)
    ana.send("just the two of us")
    ben.sees("just the two of us")


def test_who_has_the_link_asks_and_comes_in_once_somebody_says_yes(three: Three) -> None:
    ana, ben, carla = three
    make_group(ana, "Boat trip", "ben")
    link = make_link(ana)
    ask_by_link(carla, link)
    expect(carla.see("join-request")).to_have_count(1)
    ana.open_conversation("carla")
    expect(ana.see("join-request")).to_contain_text("carla asks to join Boat trip.")
    ana.see("join-accept").click()
    expect(ana.see("join-state")).to_have_text("Added to the group")
    carla.open_conversation("Boat trip")
    ben.open_conversation("Boat trip")
    carla.send("here I am")
    ben.sees("here I am")


def test_who_is_refused_stays_outside_and_a_link_that_was_stopped_leads_nowhere(three: Three) -> None:
    ana, _ben, carla = three
    make_group(ana, "Boat trip", "ben")
    link = make_link(ana)
    ask_by_link(carla, link)
    ana.open_conversation("carla")
    ana.see("join-refuse").click()
    expect(ana.see("join-state")).to_contain_text("Refused")
    ana.open_conversation("Boat trip")
    open_panel(ana)
    ana.see("group-link-revoke").click()
    ana.see("confirm").click()
    expect(ana.see("confirm-dialog")).to_have_count(0)
    ask_by_link(carla, link)
    ana.open_conversation("carla")
    expect(line(ana, "join_unknown")).to_have_count(1)
    expect(ana.see("join-accept").locator("visible=true")).to_have_count(0)
    expect(carla.see("conversation-item").filter(has_text="Boat trip")).to_have_count(0)


def test_a_group_of_a_stranger_is_a_request_and_its_picture_is_seen_on_a_phone(
    new_person: callable, tmp_path: Path
) -> None:
    dora, emil = new_person("dora").sign_up(), new_person("emil", **PHONE).sign_up()
    picture = tmp_path / "lake.png"
    dora.page.screenshot(path=picture)
    make_group(dora, "Lake trip", "emil")
    dora.send("Do you know the lake?")
    emil.open_conversation("Lake trip")
    emil.sees("Do you know the lake?")
    expect(emil.see("composer")).to_have_count(0)
    emil.see("accept-request").click()
    emil.send("I do")
    dora.sees("I do")
    choose_picture(dora, picture)
    image = "[data-test=conversation] header img"
    for person in (dora, emil):
        expect(person.page.locator(image)).to_be_visible()
    width = emil.page.locator(image).evaluate("async (image) => { await image.decode(); return image.naturalWidth; }")
    assert 0 < width <= 256
    open_panel(emil)
    expect(member(emil, "dora")).to_have_attribute("data-role", "owner")
    emil.page.wait_for_function("document.documentElement.scrollWidth <= 390")
