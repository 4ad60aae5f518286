"""ATTACKS 1-3: a server that shows other keys than people have. Each case asserts what the person sees.

A reload opens the conversation that was open; the alarm may be there before anything could be clicked.
"""

import pytest
from playwright.sync_api import expect

from keys import base64url
from tests.e2e.person import Person
from tests.factories import FakeAccount, FakeDevice, as_event, sign_event
from tests.malicious.conftest import LyingServer, account_of


def forged_chain(person: Person, origin: str) -> dict:
    """A well-signed chain for this person's account id and name, with keys that the server made."""
    account_id = account_of(person)
    device = FakeDevice(account_id)
    account = FakeAccount(person.name, account_id=account_id, devices=[device])
    event = as_event(account.fields("create", account.create_body(device)))
    made = sign_event(event, account, device, origin=origin)
    signatures = {name: base64url.encode(getattr(made, name)) for name in ("identity", "sign_in", "mls")}
    return {"account": base64url.encode(account_id), "events": [{"event": base64url.encode(event), "signatures": signatures}]}  # fmt: skip # noqa: E501


@pytest.fixture
def forged(two: tuple[Person, Person], server: LyingServer) -> tuple[Person, Person]:
    """Alice and Bob, after the server has begun to show other keys for Alice."""
    alice, _ = two
    chain = forged_chain(alice, server.origin)
    server.lie(answers={rf"accounts/{chain['account']}/chain": chain, "accounts/lookup": chain})
    return two


def test_a_swapped_key_is_seen_and_stops_sending(forged: tuple[Person, Person], server: LyingServer) -> None:
    alice, bob = forged
    bob.close_every_alarm()
    bob.page.reload()
    expect(bob.see("stopped-bar")).to_be_visible()
    bob.was_alarmed("identity_changed")
    expect(bob.see("stopped-bar")).to_have_attribute("data-code", "identity_changed")
    expect(bob.see("composer")).to_be_hidden()
    # He knew her by her link; that verification is void with the key.
    expect(bob.see("conversation-item").locator("[data-test=verified-badge]")).to_be_hidden()
    bob.see("compare-safety").click()
    expect(bob.see("safety-state")).to_have_attribute("data-state", "changed")
    # Nothing went out to the other key: Alice's real browser saw nothing new.
    assert alice.texts() == ["before the lie"]


def test_when_the_server_is_honest_again_sending_goes_on(forged: tuple[Person, Person], server: LyingServer) -> None:
    alice, bob = forged
    bob.close_every_alarm()
    bob.page.reload()
    expect(bob.see("stopped-bar")).to_be_visible()
    server.lie()
    bob.page.reload()
    expect(bob.see("stopped-bar")).to_be_hidden()
    expect(bob.page.locator("[data-test=notice][data-code=identity_returned]")).to_be_visible()
    bob.send("still me, still you")
    alice.sees("still me, still you")


def test_a_key_swapped_before_the_first_contact_is_caught_by_the_invitation_link(
    new_person: callable, server: LyingServer
) -> None:
    carol, dave = new_person("carol").sign_up(), new_person("dave").sign_up()
    link = carol.make_invitation()
    chain = forged_chain(carol, server.origin)
    server.lie(answers={rf"accounts/{chain['account']}/chain": chain})
    dave.page.goto("about:blank")
    dave.page.goto(link)
    expect(dave.see("open-invitation-error")).to_be_visible()
    expect(dave.see("open-invitation-confirm")).to_be_hidden()
    expect(dave.see("conversation-item")).to_have_count(0)


def test_a_ghost_device_that_the_identity_key_did_not_sign_stops_sending(
    two: tuple[Person, Person], server: LyingServer
) -> None:
    """ATTACKS 3: the server adds a device of its own to Alice's chain; only her identity key could."""
    alice, bob = two
    honest = server.chain_of(account_of(alice))
    real_id = base64url.decode(honest["account"])
    ghost = FakeDevice(real_id)
    forger = FakeAccount("alice", account_id=real_id, devices=[ghost], seq=len(honest["events"]))
    forger.head = server.hash_of(honest["events"][-1]["event"])
    event = as_event(forger.fields("device_add", {"device": ghost.as_body()}))
    made = sign_event(event, forger, ghost, authority=ghost.sign_in_key, origin=server.origin)
    signatures = {name: base64url.encode(getattr(made, name)) for name in ("identity", "sign_in", "mls")} | {
        "authority": {
            "key": base64url.encode(made.authority.key),
            "signature": base64url.encode(made.authority.signature),
        }
    }
    events = [*honest["events"], {"event": base64url.encode(event), "signatures": signatures}]
    server.lie(answers={rf"accounts/{honest['account']}/chain": honest | {"events": events}})
    bob.page.reload()
    told = bob.page.locator("[data-test=stopped-bar], [data-test=alert-dialog], [data-test=toast]")
    expect(told.locator("visible=true").first).to_be_visible()
    expect(bob.see("settings").get_by_text("ghost")).to_have_count(0)
