"""One person alone: from the landing to a note that another device of theirs has."""

import os
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Locator, expect

from tests.e2e.person import Person

NAME = "Notes to self"


def note(person: Person, text: str) -> Locator:
    """Wait for a note that the server has, and point at it."""
    found = person.message(text)
    expect(found).to_have_attribute("data-status", "stored")
    found.hover()
    return found


def test_a_new_person_alone_tries_everything_with_notes_to_themselves(
    new_person: Callable[..., Person], tmp_path: Path
) -> None:
    ada, phone = new_person("ada"), new_person("ada")
    ada.open()
    expect(ada.see("welcome-origin")).to_have_text(urlsplit(ada.page.url).netloc)
    ada.sign_up()
    expect(ada.see("list-empty")).to_be_visible()
    ada.see("empty-notes").click()
    ada.has_open(NAME)
    ada.send("milk and bread")
    note(ada, "milk and bread")
    ada.see("tool-react").click()
    ada.see("quick-reaction").first.click()
    expect(ada.message("milk and bread").locator("[data-test=reaction]")).to_have_text("👍")
    list_of_things = tmp_path / "things.txt"
    list_of_things.write_text("a lantern, a rope")
    ada.see("attach-files").set_input_files(list_of_things)
    ada.send("for the trip")
    expect(note(ada, "for the trip")).to_contain_text("things.txt")
    expect(ada.see("notice")).to_have_count(0)
    expect(ada.see("conversation-item")).to_have_count(1)

    ada.send("nothing that lasts")
    note(ada, "nothing that lasts")
    ada.see("tool-more").click()
    expect(ada.page.locator("[data-action^=delete]")).to_have_text(["Delete"])
    ada.page.locator("[data-action=delete_all]").click()
    ada.see("delete-confirm").click()
    expect(ada.message("nothing that lasts")).to_have_count(0)

    ada.see("open-contact").click()
    expect(ada.see("notes-panel")).to_be_visible()
    for there in ("member-list", "group-add", "group-link-section", "group-leave"):
        expect(ada.see(there)).to_have_count(0)
    ada.see("notes-panel").locator("[data-test=contact-close]").click()
    picture = Path(os.environ.get("PICTURES", tmp_path)) / "notes.png"
    ada.page.screenshot(path=picture)
    assert picture.stat().st_size > 0

    ada.see("search").fill("brea")
    expect(ada.see("found-item")).to_have_count(1)
    ada.see("search").fill("")
    ada.see("new-conversation").click()
    ada.see("open-notes").click()
    expect(ada.see("new-dialog")).to_have_count(0)
    expect(ada.see("conversation-item")).to_have_count(1)

    ada.link(phone, "Ada's phone")
    phone.see("new-conversation").click()
    phone.see("open-notes").click()
    phone.has_open(NAME)
    phone.sees("milk and bread")
    phone.send("from the phone")
    expect(phone.see("conversation-item")).to_have_count(1)
    ada.open_conversation(NAME)
    ada.sees("from the phone")
