"""One account in several browsers, one after the other and at the same time: nothing is lost on the way."""

from playwright.sync_api import expect

from tests.e2e.person import Person


def talk(one: Person, other: Person, about: str, rounds: int = 1) -> list[str]:
    """Let two people with the conversation open write in turns; return the texts."""
    texts = []
    for number in range(rounds):
        for author, reader in ((one, other), (other, one)):
            texts.append(f"{about} {number} {author.name}")
            author.send(texts[-1])
            reader.sees(texts[-1])
    return texts


def verify(person: Person) -> None:
    person.see("open-contact").click()
    person.see("verify").click()
    expect(person.see("safety-state")).to_have_attribute("data-state", "verified")
    person.see("contact-close").click()


def knows_bob(alice: Person) -> None:
    expect(alice.see("conversation-item").locator("[data-test=verified-badge]")).to_be_visible()


def link_a_second(first: Person, bob: Person, second: Person, texts: list[str]) -> None:
    """A second browser is linked: it has everything, and all three go on."""
    first.name_this_device("desk")
    first.link(second, "laptop")
    second.open_conversation("bob")
    second.has_all("bob", texts)
    first.open_conversation("bob")
    texts += talk(second, bob, "from the second")
    texts += talk(first, bob, "from the first")
    for alice in (first, second):
        alice.has_all("bob", texts)
        knows_bob(alice)
    expect(bob.lines("device_added")).to_have_count(1)


def remove_the_first(first: Person, bob: Person, second: Person, texts: list[str]) -> None:
    """The second browser removes the first, whose page says so: it can neither write nor read what comes after."""
    kept = list(texts)
    for alice in (first, second):
        alice.close_every_alarm()
    second.revoke("desk")
    first.was_alarmed("device_revoked")
    second.open_conversation("bob")
    texts += talk(second, bob, "without the first")
    expect(bob.lines("device_removed")).to_have_count(1)
    first.page.reload()
    first.open_conversation("bob")
    expect(first.see("connection-banner")).to_contain_text("does not let this browser in")
    expect(first.see("stopped-bar")).to_have_attribute("data-code", "sign_in_refused")
    expect(first.see("composer-input")).to_have_count(0)
    assert first.every_text("bob") == kept


def recover_on_a_third(recovery_key: str, bob: Person, third: Person, texts: list[str]) -> None:
    """Another browser comes back with the recovery key, removes the one that is lost, and has everything."""
    third.recover(recovery_key, "new laptop")
    expect(third.see("kept-device")).to_have_count(1)
    third.see("kept-device").uncheck()
    third.see("lost-submit").click()
    third.see("main").wait_for()
    expect(third.see("own-name")).to_have_text("alice")
    third.open_settings()
    expect(third.see("receipts")).not_to_be_checked()
    expect(third.device("laptop")).to_have_attribute("data-active", "false")
    third.open_conversation("bob")
    third.has_all("bob", texts)
    knows_bob(third)
    texts += talk(third, bob, "from the third")
    third.has_all("bob", texts)
    for code in ("device_added", "device_removed"):
        expect(bob.lines(code)).to_have_count(2)
    assert "undecryptable" not in third.every_notice("bob")


def test_an_account_goes_from_browser_to_browser_and_nothing_is_lost(new_person: callable) -> None:
    first, bob = new_person("alice").sign_up(), new_person("bob").sign_up()
    bob.accept_invitation(first.make_invitation())
    first.open_conversation("bob")
    texts = talk(first, bob, "at first", 15)
    verify(first)
    second = new_person("alice")
    link_a_second(first, bob, second, texts)
    remove_the_first(first, bob, second, texts)

    # Then the second one is lost, with all that is in it.
    second.open_settings()
    second.see("receipts").uncheck()
    second.archive_is("idle")
    second.context.close()
    recover_on_a_third(first.recovery_key, bob, new_person("alice"), texts)
    bob.has_all("alice", texts)
