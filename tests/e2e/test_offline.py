"""The page without a network, and the page of a new release."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.person import Person
from tests.e2e.running_server import RunningServer

IS_KEPT = "navigator.serviceWorker.ready.then(() => Boolean(navigator.serviceWorker.controller))"
KEPT = "caches.keys().then((names) => names.length)"
SCRIPT = "document.querySelector('script[type=module]').src"


@pytest.fixture
def server(tmp_path: Path) -> RunningServer:
    """A server of its own: it is stopped, and comes back with another release."""
    with RunningServer(tmp_path / "data") as running:
        yield running


def begin_note(person: Person) -> None:
    person.see("empty-notes").click()
    person.has_open("Notes to self")


def test_without_a_network_one_reads_finds_and_writes_and_a_new_release_waits_until_it_is_wanted(
    server: RunningServer, new_person: Callable[..., Person]
) -> None:
    ada = new_person("ada")
    ada.sign_up()
    page = ada.page
    begin_note(ada)
    ada.send("milk and bread")
    expect(ada.message("milk and bread")).to_have_attribute("data-status", "stored")
    page.wait_for_function(f"() => {IS_KEPT}")

    server.stop()
    page.reload()
    expect(ada.message("milk and bread")).to_be_visible()
    expect(ada.see("connection-banner")).to_contain_text("Offline")
    ada.send("and a lantern")
    expect(ada.message("and a lantern")).to_have_attribute("data-status", "waiting")
    ada.page.locator("[data-test=search]").fill("milk")
    expect(ada.see("found-list")).to_contain_text("milk and bread")
    ada.page.locator("[data-test=search]").fill("")
    server.start()
    expect(ada.message("and a lantern")).to_have_attribute("data-status", "stored")

    # The same code, module by module: another release, with other addresses.
    server.stop()
    server.environment["PAGE"] = "sources"
    server.start()
    before = page.evaluate(SCRIPT)
    page.reload()
    assert page.evaluate(SCRIPT) == before
    expect(ada.see("release-words")).to_have_text("A new version of talk2me is ready.")
    ada.see("composer-input").fill("half a sent")
    ada.see("release-take").click()
    page.wait_for_function(f"() => {SCRIPT} !== {before!r}")
    expect(ada.see("composer-input")).to_have_value("half a sent")
    expect(ada.message("and a lantern")).to_be_visible()
    page.wait_for_function(f"() => {KEPT}.then((count) => count === 1)")

    ada.open_settings()
    ada.see("erase").click()
    ada.erase_browser()
    page.wait_for_function(f"() => {KEPT}.then((count) => count === 0)")
    # The worker that still answers this page keeps nothing any more.
    page.evaluate(f"fetch({SCRIPT}).then((answer) => answer.text())")
    assert page.evaluate(KEPT) == 0
