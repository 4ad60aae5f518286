"""What people do with groups, in words: steps on a `Person`."""

from pathlib import Path

from playwright.sync_api import Locator, expect

from tests.e2e.person import Person


def make_group(person: Person, title: str, *others: str) -> None:
    """Make a group with people one knows; it is open then."""
    person.see("new-conversation").click()
    person.see("new-group").click()
    person.see("new-group-name").fill(title)
    for username in others:
        choose(person, username)
    person.see("new-group-submit").click()
    expect(person.see("new-group-dialog")).to_have_count(0)
    person.has_open(title)
    person.see("composer-input").wait_for()


def choose(person: Person, username: str) -> None:
    """Tick somebody in the list of people, looking for them on the server where they are not known."""
    known = person.page.locator(f"[data-test=picker-person][data-username='{username}']")
    person.see("picker-filter").fill(username)
    expect(known.or_(person.see("picker-find").locator("visible=true")).first).to_be_visible()
    if known.count() == 0:
        person.see("picker-find").click()
        expect(known).to_be_checked()
    else:
        known.check()
        person.see("picker-filter").fill("")


def open_panel(person: Person) -> None:
    """Show the members and settings of the group that is open."""
    if person.see("group-panel").count() == 0:
        person.see("open-contact").click()
        person.see("group-panel").wait_for()


def add_people(person: Person, *others: str) -> None:
    """Add people in the panel."""
    open_panel(person)
    person.see("group-add").click()
    for username in others:
        choose(person, username)
    person.see("add-people-submit").click()
    expect(person.see("add-people-dialog")).to_have_count(0)


def rename(person: Person, title: str) -> None:
    """Give the group another name in the panel."""
    open_panel(person)
    person.see("group-edit").click()
    person.see("edit-group-name").fill(title)
    person.see("edit-group-submit").click()
    expect(person.see("edit-group-dialog")).to_have_count(0)


def choose_picture(person: Person, path: Path) -> None:
    """Give the group a picture from a file."""
    open_panel(person)
    person.see("group-edit").click()
    person.see("picture-file").set_input_files(path)
    expect(person.see("picture-remove")).to_be_visible()
    person.see("edit-group-submit").click()
    expect(person.see("edit-group-dialog")).to_have_count(0)


def member(person: Person, username: str) -> Locator:
    """Return somebody's row in the panel, which is open."""
    return person.page.locator(f"[data-test=member][data-username='{username}']")


def set_role(person: Person, username: str, role: str) -> None:
    """Give somebody another role."""
    open_panel(person)
    member(person, username).click()
    person.see("member-role-choice").select_option(role)
    if role == "owner":
        person.see("confirm").click()
    expect(member(person, username)).to_have_attribute("data-role", role)
    person.see("member-dialog").locator("[data-test=dialog-close]").click()


def remove(person: Person, username: str) -> None:
    """Take somebody out of the group."""
    open_panel(person)
    member(person, username).click()
    person.see("member-remove").click()
    person.see("confirm").click()
    expect(member(person, username)).to_have_count(0)


def leave(person: Person) -> None:
    """Leave the group that is open."""
    open_panel(person)
    person.see("group-leave").click()
    person.see("confirm").click()
    expect(person.see("confirm-dialog")).to_have_count(0)


def make_link(person: Person) -> str:
    """Return a fresh link into the group that is open."""
    open_panel(person)
    person.see("group-link-make").click()
    person.see("group-link").wait_for()
    return person.see("group-link").input_value()


def ask_by_link(person: Person, link: str) -> None:
    """Open a group's link and ask to be let in."""
    person.page.goto("about:blank")
    person.page.goto(link)
    person.see("group-link-ask").click()
    expect(person.see("group-link-dialog")).to_have_count(0)


def line(person: Person, code: str) -> Locator:
    """Return the notices of one kind in the open conversation."""
    return person.page.locator(f"[data-test=notice][data-code={code}]")
