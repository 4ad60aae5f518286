"""ATTACKS 1-3: a server that shows other keys than people have. Each case asserts what the person sees.

A reload opens the conversation that was open; an alarm may be there before anything could be clicked.
"""

from playwright.sync_api import expect

from keys import base64url
from tests.e2e.person import Person
from tests.factories import FakeAccount, FakeDevice, as_event, sign_event
from tests.malicious.conftest import ForkingServer, account_of, forged_chain, is_shown_red_page


def start_over(person: Person) -> None:
    """Believe the log that is shown now, as one may after an honest operator has restored a backup."""
    person.see("log-restart").click()
    person.see("log-restart-confirm").click()
    expect(person.see("log-alarm")).to_have_count(0)


def test_a_swapped_key_that_the_log_does_not_have_is_told_and_the_known_one_stays_in_use(
    watching: tuple[Person, Person], server: ForkingServer
) -> None:
    alice, bob = watching
    honest, forged = server.chain_of(account_of(alice)), forged_chain(alice, server.origin)
    lie = forged | {"log": honest["log"]}
    server.lie(answers={rf"accounts/{lie['account']}/chain": lie, "accounts/lookup": lie})
    bob.close_every_alarm()
    bob.see("new-conversation").click()
    bob.see("find-username").fill("alice")
    bob.see("find-submit").click()
    bob.was_alarmed("log_proof_wrong")
    bob.see("dialog-close").locator("visible=true").first.click()
    bob.send("for the alice that he knows")
    alice.sees("for the alice that he knows")


def test_who_starts_over_with_a_log_that_has_another_key_for_a_contact_sends_nothing_to_it(
    watching: tuple[Person, Person], server: ForkingServer
) -> None:
    alice, bob = watching
    server.fork(bob, {"do": "rewrite", **forged_chain(alice, server.origin)})
    bob.page.reload()
    is_shown_red_page(bob, "log_split")
    bob.close_every_alarm()
    start_over(bob)
    expect(bob.see("stopped-bar")).to_be_visible()
    bob.was_alarmed("identity_changed")
    expect(bob.see("stopped-bar")).to_have_attribute("data-code", "identity_changed")
    expect(bob.see("composer")).to_be_hidden()
    # He knew her by her link; that verification is void with the key.
    expect(bob.see("conversation-item").locator("[data-test=verified-badge]")).to_be_hidden()
    bob.see("stopped-bar").locator("[data-test=compare-safety]").click()
    expect(bob.see("safety-state")).to_have_attribute("data-state", "changed")
    # Nothing went out to the other key: Alice's real browser saw nothing new.
    assert alice.texts() == ["before the lie"]
    # When the server is honest again, sending goes on.
    server.join(bob)
    bob.page.reload()
    is_shown_red_page(bob, "log_split")
    start_over(bob)
    expect(bob.see("stopped-bar")).to_be_hidden()
    expect(bob.page.locator("[data-test=notice][data-code=identity_returned]")).to_be_visible()
    bob.send("still me, still you")
    alice.sees("still me, still you")


def test_a_key_swapped_before_the_first_contact_is_caught_by_the_invitation_link(
    new_person: callable, server: ForkingServer
) -> None:
    carol, dave = new_person("carol").sign_up(), new_person("dave").sign_up()
    link = carol.make_invitation()
    honest, forged = server.chain_of(account_of(carol)), forged_chain(carol, server.origin)
    server.lie(answers={rf"accounts/{forged['account']}/chain": forged | {"log": honest["log"]}})
    dave.page.goto("about:blank")
    dave.page.goto(link)
    expect(dave.see("open-invitation-error")).to_be_visible()
    expect(dave.see("open-invitation-confirm")).to_be_hidden()
    expect(dave.see("conversation-item")).to_have_count(0)


def test_keys_that_the_log_does_not_have_are_not_used_at_first_contact_by_name(
    new_person: callable, server: ForkingServer
) -> None:
    carol, dave = new_person("carol").sign_up(), new_person("dave").sign_up()
    lie = forged_chain(carol, server.origin) | {"log": server.chain_of(account_of(carol))["log"]}
    server.lie(answers={"accounts/lookup": lie, rf"accounts/{lie['account']}/chain": lie})
    dave.see("new-conversation").click()
    dave.see("find-username").fill("carol")
    dave.see("find-submit").click()
    expect(dave.see("alert-dialog").and_(dave.page.locator("[data-code=log_proof_wrong]"))).to_be_visible()
    expect(dave.see("conversation-item")).to_have_count(0)


def test_a_ghost_device_that_the_identity_key_did_not_sign_is_told_and_gets_nothing(
    watching: tuple[Person, Person], server: ForkingServer
) -> None:
    """ATTACKS 3: the server adds a device of its own to Alice's chain and its log; only her identity key could."""
    alice, bob = watching
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
    bob.close_every_alarm()
    step = {"do": "event", "account": honest["account"], "event": base64url.encode(event), "signatures": signatures}
    server.fork(bob, step)
    bob.page.reload()
    bob.was_alarmed("chain_invalid")
    # What he writes goes to the devices that he knew.
    bob.send("for the devices of before")
    alice.sees("for the devices of before")
