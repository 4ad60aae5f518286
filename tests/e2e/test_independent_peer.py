"""Somebody with other software (MLS by mls-rs, the rest written from docs/) talks with somebody in our browser code."""

from collections.abc import Iterator

import mls_rs_uniffi
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from playwright.sync_api import expect

from tests.e2e.person import Person
from tests.e2e.running_server import RunningServer
from tests.factories import FakeDevice
from tests.interop.api_peer import ApiPeer, put_content, take_content
from tests.interop.mls_peer import SUITE, MlsPeer


class Pat:
    """Signed up through the real API, with key packages made by mls-rs; joins when she is invited."""

    def __init__(self, server: RunningServer) -> None:
        device = FakeDevice(account_id=b"pat's account id", suites=(SUITE,))
        self.mls = MlsPeer(device.account_id, device.device_id)
        device.signature_key = Ed25519PrivateKey.from_private_bytes(bytes(self.mls._keypair.secret_key.bytes)[:32])  # noqa: SLF001
        self.api = ApiPeer(server.origin, "pat", device)
        self.api.sign_up()
        self.api.sign_in()
        self.api.publish(SUITE, [self.mls.create_key_package() for _ in range(5)])
        self.mailbox = b""
        self.sequence = 0

    def join(self) -> None:
        """Take the welcome out of the device mailbox and join."""
        welcome = self.api.wait_for(self.api.hello["device_mailbox"], 0, "welcome")[-1]
        self.mls.join(welcome["body"])
        (self.mailbox,) = self.api.mailboxes("conversation")
        entry = self.api.ask("mailbox.list", after=None)["mailboxes"]
        self.sequence = next(one["first"] for one in entry if one["mailbox"] == self.mailbox) - 1

    def say(self, text: str) -> None:
        """Send a text the way any browser does."""
        chain = (self.api.account.seq, self.api.account.head)
        plain, commitment = put_content("text", {"text": text}, self.mailbox, (0, bytes(32)), chain)
        slot = self.api.ask("group_info.fetch", mailbox=self.mailbox)["slot"]
        self.api.ask(
            "envelope.send", mailbox=self.mailbox, id=plain[4:20], kind="application", slot=slot,
            body=self.mls.encrypt(plain), commitment=commitment, expires_in=None,
        )  # fmt: skip

    def hear(self, count: int = 1) -> list[str]:
        """Wait for the next `count` texts."""
        texts: list[str] = []
        while len(texts) < count:
            for envelope in self.api.wait_for(self.mailbox, self.sequence):
                self.sequence = envelope["sequence"]
                try:
                    received = self.mls.process(envelope["body"])
                except mls_rs_uniffi.Error:
                    # What it sent itself comes back too, and no implementation can decrypt that.
                    continue
                if received.kind == "application":
                    content = take_content(received.plain)
                    texts += [content["body"]["text"]] if content["type"] == "text" else []
            self.api.ask("envelope.acknowledge", mailbox=self.mailbox, sequence=self.sequence)
        return texts


@pytest.fixture
def talking(new_person: callable, server: RunningServer) -> Iterator[tuple[Person, Pat]]:
    """Alice in a browser has started a conversation with Pat, who has joined."""
    alice = new_person("alice").sign_up()
    pat = Pat(server)
    alice.start_with("pat")
    alice.send("hello from a browser")
    pat.join()
    yield alice, pat
    pat.api.socket.close()


def test_an_independent_implementation_talks_with_the_browser_both_ways(talking: tuple[Person, Pat]) -> None:
    alice, pat = talking
    assert pat.hear() == ["hello from a browser"]
    pat.say("hello from mls-rs — grüße")
    alice.sees("hello from mls-rs — grüße")
    alice.send("how is the weather in Rust?")
    assert pat.hear() == ["how is the weather in Rust?"]
    for number in range(10):
        pat.say(f"drop {number}")
    alice.sees("drop 9")
    assert [text for text in alice.texts() if text.startswith("drop")] == [f"drop {number}" for number in range(10)]


def test_a_garbage_commit_costs_one_slot_and_the_group_goes_on(talking: tuple[Person, Pat]) -> None:
    alice, pat = talking
    pat.hear()
    before = pat.api.ask("group_info.fetch", mailbox=pat.mailbox)
    accepted = pat.api.ask(
        "commit.send", mailbox=pat.mailbox, id=b"garbage commit 1", slot=before["slot"], body=b"\0\1\0\2garbage",
        members=before["members"], subscribers=before["subscribers"], welcomes=[], group_info=before["body"],
    )  # fmt: skip
    assert accepted["slot"] == before["slot"] + 1
    alice.send("still here")
    assert "still here" in pat.hear()
    pat.say("and so am I")
    alice.sees("and so am I")
    expect(alice.see("stopped-bar")).to_be_hidden()


def test_bytes_that_are_no_content_become_a_notice_and_stop_nothing(talking: tuple[Person, Pat]) -> None:
    alice, pat = talking
    pat.hear()
    slot = pat.api.ask("group_info.fetch", mailbox=pat.mailbox)["slot"]
    bodies = (b"not even MLS", pat.mls.encrypt(b"not a content"), pat.mls.encrypt(bytes(256)))
    for number, body in enumerate(bodies):
        pat.api.ask(
            "envelope.send", mailbox=pat.mailbox, id=bytes([number]) * 16, kind="application", slot=slot, body=body,
            commitment=bytes(32), expires_in=None,
        )  # fmt: skip
    pat.say("and now a real one")
    alice.sees("and now a real one")
    expect(alice.see("notice").first).to_be_visible()
    assert [text for text in alice.texts() if "content" in text] == []
