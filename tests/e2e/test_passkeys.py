"""Passkeys of a whole account in a real browser: one is a way back in, one locks, and none that lacks a PRF is kept."""

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.person import Person
from tests.e2e.running_server import RunningServer
from tests.e2e.test_passkey import add_authenticator

# Notes what the authenticator's PRF has given to this page, as the page got it.
NOTE_PRF = """
globalThis.prf_results = [];
for (const name of ["create", "get"]) {
  const original = navigator.credentials[name].bind(navigator.credentials);
  navigator.credentials[name] = async (options) => {
    const credential = await original(options);
    const { first } = credential.getClientExtensionResults().prf?.results ?? {};
    if (first) globalThis.prf_results.push([...new Uint8Array(first)]);
    return credential;
  };
}
"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RunningServer]:
    """A server whose address is a name: passkeys belong to one."""
    running = RunningServer(tmp_path / "data")
    running.origin = running.environment["ORIGIN"] = f"http://localhost:{running.port}"
    with running:
        yield running


class Posted:
    """Everything that a page sends: bodies of requests, and frames."""

    def __init__(self, person: Person) -> None:
        self.all: list[bytes] = []
        person.page.on("request", lambda request: self.all.append(request.post_data_buffer or b""))
        person.page.on("websocket", lambda socket: socket.on("framesent", self._add_frame))

    def _add_frame(self, frame: str | bytes) -> None:
        self.all.append(frame.encode() if isinstance(frame, str) else frame)

    def has(self, secret: bytes) -> bool:
        """Whether these bytes left the page, in any of the ways in which bytes are written."""
        ways = (secret, secret.hex().encode(), base64.b64encode(secret), base64.urlsafe_b64encode(secret).rstrip(b"="))
        return any(way in sent for way in ways for sent in self.all)


def type_passkey(alice: Person, name: str) -> None:
    alice.open_settings()
    alice.see("passkey-add").click()
    alice.see("add-passkey-name").fill(name)
    alice.see("add-passkey-key").fill(alice.recovery_key)
    alice.see("add-passkey-submit").click()


def test_a_passkey_brings_the_account_back_and_what_its_prf_gives_stays_in_the_browser(new_person: callable) -> None:
    alice, bob = new_person("alice"), new_person("bob").sign_up()
    alice.page.add_init_script(NOTE_PRF)
    add_authenticator(alice.page, has_prf=True)
    posted = Posted(alice)
    alice.sign_up()
    bob.accept_invitation(alice.make_invitation())
    bob.send("remember this")
    alice.open_conversation("bob")
    alice.sees("remember this")
    type_passkey(alice, "in this machine")
    expect(alice.see("passkey")).to_have_count(1)
    alice.archive_is("idle")

    # The authenticator outlives what is in the browser.
    alice.see("erase").click()
    alice.erase_browser()
    alice.see("welcome").wait_for()
    alice.see("have-account").click()
    alice.see("choice-passkey").click()
    alice.see("passkey-device-name").fill("by passkey")
    alice.see("passkey-submit").click()
    expect(alice.see("kept-device")).to_have_count(1)
    alice.see("kept-device").uncheck()
    alice.see("lost-submit").click()
    alice.open_conversation("bob")
    alice.sees("remember this")
    alice.send("I am back")
    bob.sees("I am back")
    bob.send("welcome back")
    alice.sees("welcome back")

    results = [bytes(result) for result in alice.page.evaluate("globalThis.prf_results")]
    assert len(results) >= 2
    assert len(set(results)) == 1
    assert len(results[0]) == 32
    assert posted.has(b"attestationObject")
    assert not posted.has(results[0])


def test_a_passkey_locks_a_browser(new_person: callable) -> None:
    alice = new_person("alice")
    add_authenticator(alice.page, has_prf=True)
    alice.sign_up()
    alice.open_settings()
    alice.see("lock-set").click()
    alice.see("lock-by-passkey").check()
    alice.see("lock-save").click()
    expect(alice.see("lock-state")).to_have_attribute("data-state", "passkey")
    alice.see("lock-now").click()
    expect(alice.see("lock-screen")).to_have_attribute("data-kind", "passkey")
    alice.see("unlock").click()
    alice.see("main").wait_for()


def test_an_authenticator_without_a_prf_is_told_plainly_and_nothing_is_kept_of_it(new_person: callable) -> None:
    alice = new_person("alice")
    add_authenticator(alice.page, has_prf=False)
    posted = Posted(alice)
    alice.sign_up()
    type_passkey(alice, "an old one")
    expect(alice.see("add-passkey-error")).to_contain_text("PRF")
    alice.see("add-passkey-dialog").locator("[data-test=dialog-close]").click()
    expect(alice.see("passkey")).to_have_count(0)
    assert not posted.has(b"attestationObject")
    alice.see("lock-set").click()
    alice.see("lock-by-passkey").check()
    alice.see("lock-save").click()
    expect(alice.see("lock-error")).to_contain_text("PRF")
    expect(alice.see("lock-state")).to_have_attribute("data-state", "none")
