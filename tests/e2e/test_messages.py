"""What people do with messages: answer, react, change, delete, pin, forward, and leave one half written."""

import re

import pytest
from playwright.sync_api import Locator, Route, expect

from tests.e2e.group_steps import make_group
from tests.e2e.person import Person

MARKS = """> Did you *really* see it?
Yes, _twice_, at https://elsewhere.invalid/lake?from=here. Run `make boat`
<img src=/seen.png onerror=alert(1)><b>not bold</b>"""


@pytest.fixture
def two(new_person: callable) -> tuple[Person, Person]:
    """Alice and Bob, signed up and connected, each with the conversation open."""
    alice, bob = new_person("alice").sign_up(), new_person("bob").sign_up()
    bob.accept_invitation(alice.make_invitation())
    alice.open_conversation("bob")
    bob.send("Hello")
    alice.sees("Hello")
    return alice, bob


def choose(person: Person, message: Locator, action: str) -> None:
    """Open the menu of a message by the keyboard, and choose."""
    message.focus()
    person.page.keyboard.press("Enter")
    person.see("message-menu").locator(f"[data-action={action}]").click()


def test_a_message_is_answered_and_the_quote_leads_back(two: tuple[Person, Person]) -> None:
    alice, bob = two
    choose(alice, alice.message("Hello"), "reply")
    expect(alice.see("composer-context")).to_have_attribute("data-kind", "reply")
    alice.see("composer-input").press_sequentially("Hello yourself")
    alice.page.keyboard.press("Enter")
    expect(alice.see("composer-context")).to_be_hidden()
    quote = bob.message("Hello yourself").locator("[data-test=quote]")
    expect(quote).to_contain_text("Hello")
    expect(quote).to_contain_text("You")
    quote.click()
    expect(bob.message("Hello")).to_be_focused()


def test_a_reaction_comes_and_goes(two: tuple[Person, Person]) -> None:
    alice, bob = two
    alice.message("Hello").hover()
    alice.see("tool-react").click()
    alice.see("quick-reaction").first.click()
    reaction = bob.message("Hello").locator("[data-test=reaction]")
    expect(reaction).to_have_attribute("data-own", "false")
    reaction.click()
    expect(bob.see("who-people")).to_have_text("alice")
    bob.see("who-toggle").click()
    own = alice.message("Hello").locator("[data-test=reaction]")
    expect(own).to_have_text("👍2")
    own.click()
    alice.see("who-toggle").click()
    expect(reaction).to_have_text("👍")
    expect(reaction).to_have_attribute("data-own", "true")


def test_the_up_arrow_changes_the_last_message_and_escape_leaves_it(two: tuple[Person, Person]) -> None:
    alice, bob = two
    expect(bob.message("Hello")).to_have_attribute("data-status", "delivered")
    bob.see("composer-input").focus()
    bob.page.keyboard.press("ArrowUp")
    expect(bob.see("composer-input")).to_have_value("Hello")
    bob.page.keyboard.press("Escape")
    expect(bob.see("composer-input")).to_have_value("")
    bob.page.keyboard.press("ArrowUp")
    bob.see("composer-input").fill("Hello *Alice*")
    bob.page.keyboard.press("Enter")
    changed = alice.see("message").filter(has=alice.page.locator("strong", has_text="Alice"))
    expect(changed.locator("[data-test=edited]")).to_be_visible()
    choose(alice, changed, "details")
    expect(alice.see("versions")).to_contain_text("Hello")
    alice.see("dialog-close").click()
    # What somebody else wrote is not hers to change or to delete for everybody.
    changed.focus()
    alice.page.keyboard.press("Enter")
    offered = alice.see("menu-item").evaluate_all("items => items.map((item) => item.dataset.action)")
    assert "reply" in offered
    assert "edit" not in offered
    assert "delete_all" not in offered


def test_a_message_is_deleted_for_everyone_or_for_oneself(two: tuple[Person, Person]) -> None:
    alice, bob = two
    bob.send("Not for her")
    alice.sees("Not for her")
    choose(bob, bob.message("Not for her"), "delete_all")
    bob.see("delete-confirm").click()
    expect(alice.message("Not for her")).to_have_count(0)
    expect(alice.message("This message was deleted.")).to_have_count(1)
    choose(alice, alice.message("Hello"), "delete_own")
    alice.see("delete-confirm").press("Enter")
    expect(alice.message("Hello")).to_have_count(0)
    bob.sees("Hello")
    # Whoever goes by the keyboard is still among the messages.
    expect(alice.page.locator("body")).not_to_be_focused()


def test_a_pinned_message_stands_on_top_for_both(two: tuple[Person, Person]) -> None:
    alice, bob = two
    choose(alice, alice.message("Hello"), "pin")
    expect(bob.see("pinned-bar")).to_contain_text("Hello")
    bob.see("pinned-go").click()
    expect(bob.message("Hello")).to_be_focused()
    choose(bob, bob.message("Hello"), "unpin")
    expect(alice.see("pinned-bar")).to_be_hidden()


def test_somebody_is_meant_by_the_keyboard_and_that_is_forwarded_to_two_conversations(
    two: tuple[Person, Person],
) -> None:
    alice, bob = two
    make_group(alice, "Boat trip", "bob")
    bob.open_conversation("Boat trip")
    field = alice.see("composer-input")
    field.press_sequentially("Ask @b")
    expect(alice.see("mention-option")).to_have_text(["Bbob"])
    alice.page.keyboard.press("Escape")
    expect(alice.see("mention-list")).to_be_hidden()
    expect(field).to_be_focused()
    field.press_sequentially("o")
    expect(alice.see("mention-option")).to_have_attribute("aria-selected", "true")
    alice.page.keyboard.press("Tab")
    expect(field).to_have_value("Ask @bob ")
    field.press_sequentially("for the key")
    alice.page.keyboard.press("Enter")
    bob.sees("Ask @bob for the key")
    # It stands out for whom it means.
    expect(bob.page.locator(".mention-own")).to_have_text("@bob")
    choose(bob, bob.message("Ask @bob for the key"), "forward")
    expect(bob.see("forward-confirm")).to_be_disabled()
    bob.see("forward-filter").fill("boat")
    expect(bob.see("forward-choice")).to_have_count(1)
    bob.see("forward-choice").locator("input").press("Space")
    bob.see("forward-filter").fill("")
    bob.see("forward-choice").filter(has_text="alice").locator("input").press("Space")
    bob.see("forward-confirm").press("Enter")
    expect(bob.see("forward-dialog")).to_have_count(0)
    expect(bob.message("Ask @bob for the key")).to_have_count(2)
    forwarded = alice.see("forwarded").locator("visible=true")
    expect(forwarded).to_have_count(1)
    # Said again it is one's own words, and means nobody.
    again = alice.see("message").filter(has=forwarded)
    expect(again.locator(".mention")).to_have_count(0)
    alice.open_conversation("bob")
    expect(forwarded).to_have_count(1)
    alice.sees("Ask @bob for the key")


def test_marks_are_shown_and_a_link_is_a_text_that_leads_out_without_a_word(two: tuple[Person, Person]) -> None:
    alice, bob = two
    asked: list[str] = []
    origin = bob.page.url.split("/#")[0]
    for person in two:
        person.context.on("request", lambda request: asked.append(request.url))
    alice.send(MARKS)
    shown = bob.see("message-text").last
    expect(shown.locator("blockquote strong")).to_have_text("really")
    expect(shown.locator("em")).to_have_text("twice")
    expect(shown.locator("code")).to_have_text("make boat")
    link = shown.locator("a")
    expect(link).to_have_text("https://elsewhere.invalid/lake?from=here")
    expect(link).to_have_attribute("rel", "noopener noreferrer")
    expect(shown).to_contain_text("<b>not bold</b>")
    expect(shown.locator("img, b")).to_have_count(0)
    # Nobody outside is asked for a preview, on neither side. Time for something that would be wrong.
    bob.page.wait_for_timeout(1500)
    assert [url for url in asked if not url.startswith((origin, "blob:", "data:"))] == []
    headers: list[dict[str, str]] = []

    def answer(route: Route) -> None:
        headers.append(route.request.headers)
        route.fulfill(body="a lake")

    bob.context.route("https://elsewhere.invalid/**", answer)
    with bob.context.expect_page() as opened:
        link.press("Enter")
    expect(opened.value.locator("body")).to_have_text("a lake")
    assert opened.value.evaluate("[window.opener, document.referrer]") == [None, ""]
    assert "referer" not in headers[0]


def test_messages_disappear_on_both_sides(two: tuple[Person, Person]) -> None:
    alice, bob = two
    alice.see("open-contact").click()
    alice.see("timer-select").select_option(label="30 seconds")
    expect(bob.lines("timer_changed")).to_have_text("alice lets messages disappear after 30 seconds.")
    alice.send("the code is 4711")
    bob.sees("the code is 4711")
    for person in two:
        expect(person.message("the code is 4711").locator("[data-test=timer-mark]")).to_be_visible()
    choose(bob, bob.message("the code is 4711"), "details")
    expect(bob.see("details-dialog")).to_contain_text("Disappears")
    bob.see("dialog-close").click()
    for person in two:
        expect(person.message("the code is 4711")).to_have_count(0, timeout=120_000)
        expect(person.see("conversation-last")).not_to_contain_text("4711")
    bob.see("open-contact").click()
    bob.see("timer-select").select_option("0")
    expect(alice.lines("timer_changed").last).to_have_text("bob lets messages stay.")
    alice.send("this one stays")
    bob.sees("this one stays")
    expect(bob.message("this one stays").locator("[data-test=timer-mark]")).to_have_count(0)


def test_that_somebody_reads_or_types_is_told_once_that_person_wants_it(two: tuple[Person, Person]) -> None:
    alice, bob = two
    sent = alice.send("are you there?")
    bob.sees("are you there?")
    expect(sent).to_have_attribute("data-status", "delivered")
    bob.see("composer-input").press_sequentially("I am")
    # Time for something that would be wrong.
    alice.page.wait_for_timeout(2000)
    expect(alice.see("typing")).to_be_hidden()
    expect(sent).to_have_attribute("data-status", "delivered")
    bob.open_settings()
    for switch in ("read-receipts", "typing-setting"):
        expect(bob.see(switch)).not_to_be_checked()
        bob.see(switch).check()
    bob.see("settings-close").click()
    bob.open_conversation("alice")
    second = alice.send("and now?")
    bob.sees("and now?")
    expect(second).to_have_attribute("data-status", "read")
    bob.see("composer-input").press_sequentially(" here")
    expect(alice.see("typing")).to_have_text("bob is typing…")
    choose(alice, second, "details")
    expect(alice.see("receipt")).to_have_count(1)
    expect(alice.see("receipt")).to_contain_text(re.compile("bob.*Read"))
    alice.page.keyboard.press("Escape")
    # She has not asked for it: he learns nothing.
    alice.see("composer-input").press_sequentially("hm")
    bob.page.wait_for_timeout(1500)
    expect(bob.see("typing")).to_be_hidden()


def test_what_is_half_written_is_there_after_a_reload(two: tuple[Person, Person]) -> None:
    alice, _bob = two
    choose(alice, alice.message("Hello"), "reply")
    alice.see("composer-input").press_sequentially("I wanted to say")
    expect(alice.see("conversation-last")).to_contain_text("I wanted to say")
    alice.page.reload()
    expect(alice.see("composer-input")).to_have_value("I wanted to say")
    expect(alice.see("composer-context")).to_contain_text("Hello")
    alice.see("context-leave").click()
    alice.see("send").click()
    alice.sees("I wanted to say")
    alice.page.reload()
    alice.sees("I wanted to say")
    expect(alice.see("composer-input")).to_have_value("")
