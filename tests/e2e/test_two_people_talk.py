"""The whole path: two people sign up, find one another and talk."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.person import PHONE, Person
from tests.e2e.running_server import RunningServer


@pytest.fixture
def two(new_person: callable) -> tuple[Person, Person]:
    """Alice and Bob, signed up and connected by Alice's invitation link, each with the conversation open."""
    alice, bob = new_person("alice").sign_up(), new_person("bob").sign_up()
    bob.accept_invitation(alice.make_invitation())
    alice.open_conversation("bob")
    return alice, bob


def test_two_people_connect_by_link_and_talk_both_ways(two: tuple[Person, Person]) -> None:
    alice, bob = two
    sent = bob.send("Hello Alice, it's me")
    alice.sees("Hello Alice, it's me")
    expect(sent).to_have_attribute("data-status", "delivered")
    answer = alice.send("Hello Bob! Grüße, 你好, مرحبا 👋🏽")
    bob.sees("Hello Bob! Grüße, 你好, مرحبا 👋🏽")
    expect(answer).to_have_attribute("data-status", "delivered")
    # Who came by the link knows whom he talks to; the other side does not know him yet.
    expect(bob.see("conversation-item").locator("[data-test=verified-badge]")).to_be_visible()
    expect(alice.see("conversation-item").locator("[data-test=verified-badge]")).to_be_hidden()
    assert [line for line in alice.said + bob.said if line.startswith("error")] == []


def test_who_was_offline_gets_everything_in_order(two: tuple[Person, Person]) -> None:
    alice, bob = two
    bob.send("before")
    alice.sees("before")
    bob.context.set_offline(True)
    bob.page.close()
    for number in range(30):
        alice.send(f"while you were away {number}")
    expect(alice.message("while you were away 29")).to_have_attribute("data-status", "stored")
    bob.context.set_offline(False)
    bob.page = bob.new_tab()
    bob.open()
    expect(bob.see("unread-badge").first).to_have_text("30")
    bob.open_conversation("alice")
    bob.sees("while you were away 29")
    expect(alice.message("while you were away 29")).to_have_attribute("data-status", "delivered")
    bob.page.reload()
    bob.open_conversation("alice")
    bob.sees("while you were away 29")
    away = [text for text in bob.texts() if text.startswith("while")]
    assert away == [f"while you were away {number}" for number in range(30)][-len(away) :]


def test_a_reload_signs_in_by_itself_and_keeps_everything(two: tuple[Person, Person]) -> None:
    alice, bob = two
    bob.send("one")
    alice.sees("one")
    alice.send("two")
    bob.sees("two")
    for person, other in ((alice, "bob"), (bob, "alice")):
        person.page.reload()
        person.open_conversation(other)
        person.sees("one")
        person.sees("two")
    alice.send("three")
    bob.sees("three")


def test_what_is_written_while_the_server_is_away_goes_out_later(
    two: tuple[Person, Person], server: RunningServer
) -> None:
    alice, bob = two
    bob.send("are you there?")
    alice.sees("are you there?")
    server.stop()
    expect(alice.see("connection-banner")).to_be_visible()
    waiting = alice.send("into the outbox")
    expect(waiting).to_have_attribute("data-status", "waiting")
    server.start()
    alice.page.reload()
    alice.open_conversation("bob")
    bob.sees("into the outbox")
    expect(alice.message("into the outbox")).to_have_attribute("data-status", "delivered")


def test_a_second_tab_is_a_view_and_takes_over_when_the_first_closes(two: tuple[Person, Person]) -> None:
    alice, bob = two
    first = alice.page
    alice.page = alice.new_tab()
    alice.open()
    alice.open_conversation("bob")
    alice.send("from the second tab")
    bob.sees("from the second tab")
    first.close()
    bob.send("to whichever tab is left")
    alice.sees("to whichever tab is left")
    alice.send("and back")
    bob.sees("and back")


def test_a_conversation_by_username_is_a_request_until_it_is_accepted(new_person: callable) -> None:
    carol, dave = new_person("carol").sign_up(), new_person("dave").sign_up()
    carol.start_with("dave")
    asked = carol.send("May I?")
    expect(asked).to_have_attribute("data-status", "stored")
    dave.open_conversation("carol")
    dave.sees("May I?")
    # A stranger is told nothing: no receipt goes out before the request is accepted. Time for one that would be wrong.
    dave.page.wait_for_timeout(1500)
    expect(asked).to_have_attribute("data-status", "stored")
    dave.see("accept-request").click()
    dave.send("You may")
    carol.sees("You may")
    expect(asked).to_have_attribute("data-status", "delivered")


def test_the_safety_number_is_the_same_on_both_sides_and_makes_a_badge(two: tuple[Person, Person]) -> None:
    alice, bob = two
    numbers = []
    for person in two:
        person.see("open-contact").click()
        expect(person.see("safety-group")).to_have_count(12)
        expect(person.see("safety-group").last).to_have_text(re.compile(r"^\d{5}$"))
        numbers.append(person.see("safety-group").all_inner_texts())
    assert numbers[0] == numbers[1]
    assert len(numbers[0]) == 12
    alice.see("verify").click()
    expect(alice.see("safety-state")).to_have_attribute("data-state", "verified")
    expect(bob.see("safety-qr")).to_be_visible()


def test_it_works_on_a_phone(new_person: callable) -> None:
    alice, bob = new_person("alice", **PHONE).sign_up(), new_person("bob", **PHONE).sign_up()
    bob.accept_invitation(alice.make_invitation())
    bob.send("from my phone")
    alice.open_conversation("bob")
    alice.sees("from my phone")
    alice.see("conversation-back").click()
    expect(alice.see("conversation-list")).to_be_visible()
    expect(alice.see("composer")).to_be_hidden()
    for person in (alice, bob):
        person.page.wait_for_function("document.documentElement.scrollWidth <= 390")


def test_markup_in_a_text_is_shown_as_text(two: tuple[Person, Person]) -> None:
    alice, bob = two
    markup = '<img src=x onerror="globalThis.hit=1"><script>globalThis.hit=1</script>'
    bob.send(markup)
    alice.sees(markup)
    assert alice.page.evaluate("globalThis.hit") is None


def test_an_exported_account_comes_back_on_a_new_browser(
    two: tuple[Person, Person], new_person: callable, tmp_path: Path
) -> None:
    alice, bob = two
    bob.send("remember this")
    alice.sees("remember this")
    alice.see("open-settings").click()
    expect(alice.see("about-manifest")).to_have_text(re.compile("^([0-9a-f]{8} ?){8}$"))
    expect(alice.see("about-command")).to_have_text(re.compile(r"^make verify-host URL=http://127\.0\.0\.1:\d+$"))
    with alice.page.expect_download() as download:
        alice.see("export-account").click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    alice.context.close()
    again = new_person("alice")
    again.open()
    again.see("have-account").click()
    again.see("choice-import").click()
    again.see("import-file").set_input_files(str(path))
    again.see("import-key").fill(alice.recovery_key.lower().replace("-", " "))
    again.see("import-submit").click()
    again.see("main").wait_for()
    again.open_conversation("bob")
    again.sees("remember this")
    again.send("I am back")
    bob.sees("I am back")
    bob.send("welcome back")
    again.sees("welcome back")
