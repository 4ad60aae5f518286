"""ATTACKS 32: somebody stands between the browsers of a link, with the code that they have photographed or without."""

from playwright.sync_api import expect

from tests.e2e.person import SHORT_CODE, Person
from tests.malicious.conftest import LyingServer, account_of
from tests.malicious.lies.link_boxes import secret_of
from tests.malicious.stored import stored_of, traces_of_account

BOX = r"/api/link_boxes/[\w-]+$"
KEPT = ("messages/", "groups/")


def events_of(server: LyingServer, person: Person) -> int:
    """How many events the account's chain has."""
    return len(server.chain_of(account_of(person))["events"])


def test_codes_differ_when_the_server_stands_between_and_nothing_leaves_the_old_device(
    two: tuple[Person, Person], new_person: callable, server: LyingServer
) -> None:
    alice, _ = two
    events = events_of(server, alice)
    new, code = new_person("alice"), alice.begin_link()
    kept = stored_of(alice.page, *KEPT)
    secret = secret_of(code).hex()
    server.lie(answers=[{"do": "relay_link", "path": BOX, "method": "GET", "secret": secret, "origin": server.origin}])
    bodies: list[str] = []
    alice.page.on("request", lambda request: bodies.append(request.post_data or ""))
    new.type_link_code(code, "victim")
    here, there = alice.see("link-dialog-short-code"), new.see("link-short-code")
    expect(here).to_have_text(SHORT_CODE)
    expect(there).to_have_text(SHORT_CODE)
    assert here.inner_text() != there.inner_text()
    alice.see("link-differ").click()
    expect(alice.see("link-dialog")).to_have_attribute("data-result", "differ")
    expect(new.see("link-error")).to_have_text("The link was ended on one of the two devices. Nothing was sent.")
    assert not any('"number":4' in body for body in bodies)
    assert traces_of_account(new.page) == []
    assert stored_of(alice.page, *KEPT) == kept
    server.lie()
    alice.see("link-done").click()
    expect(alice.see("device")).to_have_count(1)
    alice.see("settings-close").click()
    assert events_of(server, alice) == events


def test_a_part_that_the_server_altered_ends_the_link_on_both_screens(
    two: tuple[Person, Person], new_person: callable, server: LyingServer
) -> None:
    alice, _ = two
    new, code = new_person("alice"), alice.begin_link()
    kept = stored_of(alice.page, *KEPT)
    server.lie(answers=[{"do": "alter_part", "path": BOX, "method": "GET", "number": 2}])
    new.type_link_code(code, "victim")
    expect(alice.see("link-dialog")).to_have_attribute("data-result", "failed")
    expect(new.see("link-error")).to_have_text("The link was ended on one of the two devices. Nothing was sent.")
    assert traces_of_account(new.page) == []
    assert stored_of(alice.page, *KEPT) == kept
