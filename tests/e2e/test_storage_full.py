"""The browser's disk is full: it is said in words, nothing is lost, and it goes on when there is room again."""

from playwright.sync_api import expect

from tests.e2e.person import Person
from tests.e2e.running_server import RunningServer


def limit(person: Person, origin: str, bytes_left: int | None) -> None:
    """Let the browser have only so much room for this page; None: as much as it likes."""
    session = person.context.new_cdp_session(person.page)
    session.send(
        "Storage.overrideQuotaForOrigin", {"origin": origin} | ({} if bytes_left is None else {"quotaSize": bytes_left})
    )


def test_a_full_disk_keeps_the_words_in_the_composer_and_loses_nothing(
    new_person: callable, server: RunningServer
) -> None:
    alice, bob = new_person("alice").sign_up(), new_person("bob").sign_up()
    bob.accept_invitation(alice.make_invitation())
    alice.open_conversation("bob")
    bob.send("there is room")
    alice.sees("there is room")
    limit(alice, server.origin, 1)
    # Chromium believes what it knew about the free room for half a minute.
    alice.page.wait_for_timeout(31_000)
    bob.send("arrives while the disk is full")
    alice.see("composer-input").fill("written while the disk is full")
    alice.see("send").click()
    expect(alice.page.locator("[data-code=storage_full]").first).to_be_visible()
    expect(alice.see("composer-input")).to_have_value("written while the disk is full")
    limit(alice, server.origin, None)
    alice.page.reload()
    alice.open_conversation("bob")
    alice.sees("arrives while the disk is full")
    alice.send("there is room again")
    bob.sees("there is room again")
    bob.send("good")
    alice.sees("good")
