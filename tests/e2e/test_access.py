"""Whoever can't see, can't point or sees little: every state through axe-core, and the whole app by keyboard."""

from collections import defaultdict
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, CDPSession, expect

from tests.e2e.access_states import every_state
from tests.e2e.axe import close_everything, find_faults, reach, source
from tests.e2e.keys import KeyboardPerson
from tests.e2e.person import Person
from tests.e2e.sample_data import preview

# What is opened by what.
MESSAGE = {
    "details": "details-dialog",
    "forward": "forward-dialog",
    "delete_own": "delete-dialog",
    "report": "report-dialog",
}
SETTINGS = {
    "shortcuts-open": "shortcuts-dialog",
    "device-open": "device-dialog",
    "link-device": "link-dialog",
    "recovery-check": "check-key-dialog",
    "lock-set": "lock-dialog",
    "delete-account": "delete-account-dialog",
    "erase": "erase-dialog",
}
GROUP = {
    "group-edit": "edit-group-dialog",
    "group-add": "add-people-dialog",
    "member": "member-dialog",
    "group-leave": "confirm-dialog",
}

# Everything that comes into a live region, with how it is read out.
LISTEN = """() => {
  globalThis.said = [];
  const live = "[aria-live], [role=status], [role=alert], [role=log]";
  const how = (region) =>
    region.getAttribute("aria-live") ?? (region.getAttribute("role") === "alert" ? "assertive" : "polite");
  new MutationObserver((changes) => {
    for (const { target, addedNodes } of changes) {
      const region = (target instanceof Element ? target : target.parentElement)?.closest(live);
      const words = [...addedNodes].map(({ textContent }) => textContent).join("").trim();
      if (region && how(region) !== "off" && words !== "") said.push([how(region), words]);
    }
  }).observe(document.body, { childList: true, characterData: true, subtree: true });
}"""


@pytest.fixture(scope="module")
def origin() -> Iterator[str]:
    """The interface on sample data."""
    with preview() as address:
        yield address


# A minute on a machine of its own, and many on one that does other things too.
@pytest.mark.timeout(900)
def test_axe_finds_nothing_in_any_state(chromium: Browser, origin: str) -> None:
    faults: defaultdict[str, list[str]] = defaultdict(list)
    with chromium.new_context(reduced_motion="reduce") as context:
        for scene, states in every_state().items():
            page = context.new_page()
            page.goto(f"{origin}/?scene={scene}")
            page.wait_for_selector("html:not([data-screen=loading])")
            page.evaluate(source())
            for turn, state in enumerate(states):
                reach(page, state)
                for fault in find_faults(page, turn):
                    faults[fault].append(str(state))
                close_everything(page)
            page.close()
    assert not faults, "\n".join(f"{fault}\n    in {', '.join(where[:5])}" for fault, where in faults.items())


def test_everything_is_done_by_keyboard_and_the_focus_is_never_lost(
    new_profile: callable, new_person: callable
) -> None:
    alice, bob = KeyboardPerson("alice", new_profile()), new_person("bob").sign_up()
    alice.sign_up_by_keyboard()
    alice.press("?").leaves("shortcuts-dialog", to="h1")
    meet_and_talk(alice, bob)
    use_what_a_message_offers(alice, bob)
    find_by_search(alice)
    open_everything(alice, "open-settings", "settings", SETTINGS)
    alice.use("new-conversation").use("new-group").type("new-group-name", "Boat trip").go_to("picker-person")
    alice.press("Space").use("new-group-submit").is_on("composer-input")
    alice.has_open("Boat trip")
    open_everything(alice, "open-contact", "group-panel", GROUP)


def meet_and_talk(alice: KeyboardPerson, bob: Person) -> None:
    """Begin a conversation; it is answered."""
    alice.use("new-conversation").leaves("new-dialog", to="new-conversation")
    alice.press("Enter").is_on("find-username").write("bob").is_on("composer-input").write("can you hear me?")
    bob.open_conversation("alice")
    bob.see("accept-request").click()
    bob.send("loud and clear")
    alice.sees("loud and clear")
    alice.is_on("composer-input")


def use_what_a_message_offers(alice: KeyboardPerson, bob: Person) -> None:
    """Answer, react, and open each thing that opens from a message."""
    heard = alice.message("loud and clear")
    alice.go_to("message", "Shift+Tab").press("End")
    expect(heard).to_be_focused()
    alice.choose("reply").is_on("composer-input").write("what luck")
    bob.sees("what luck")
    expect(bob.see("quote")).to_have_count(1)
    alice.sees("what luck")
    alice.go_to("message", "Shift+Tab").press("End", "ArrowUp")
    expect(heard).to_be_focused()
    alice.press("Enter").is_on("quick-reaction").press("Enter").is_on("message")
    expect(bob.see("reaction")).to_have_count(1)
    for action, dialog in MESSAGE.items():
        alice.choose(action).leaves(dialog, to="message")
    alice.press("Enter").leaves("message-menu", to="message")
    expect(heard).to_be_focused()
    alice.use("composer-emoji").leaves("emoji-picker", to="composer-emoji")
    open_everything(alice, "open-contact", "contact", {"block": "block-dialog"})


def find_by_search(alice: KeyboardPerson) -> None:
    """Find a message, and empty the search."""
    alice.press("Control+k").is_on("search")
    alice.page.keyboard.type("loud")
    alice.use("found-item")
    expect(alice.message("loud and clear")).to_be_focused()
    alice.press("Control+k").is_on("search").press("Escape")
    expect(alice.see("search")).to_have_value("")


def open_everything(alice: KeyboardPerson, button: str, panel: str, dialogs: dict[str, str]) -> None:
    """Open a panel by a button before where one is, and what opens from it; close all of it."""
    alice.go_to(button, "Shift+Tab").press("Enter").see(panel).wait_for()
    for opener, dialog in dialogs.items():
        alice.use(opener).leaves(dialog, to=opener)
    alice.leaves(panel, to=button)


def test_what_comes_and_what_fails_is_said_once_and_politely(chromium: Browser, origin: str) -> None:
    with chromium.new_context() as context:
        page = context.new_page()
        page.goto(f"{origin}/?scene=many#/c/c_alice")
        page.wait_for_selector("[data-test=composer]")
        page.evaluate(LISTEN)
        page.evaluate("fake.receive('c_alice', 'the pears are ripe')")
        page.evaluate("fake.receive('c_sam', 'nobody else sees this')")
        page.evaluate("globalThis.sent = fake.say('c_alice', { text: 'mine are not' })")
        expect(page.locator("[data-test=message-text]").get_by_text("mine are not")).to_be_visible()
        page.evaluate("fake.change('c_alice', sent, (one) => { one.status = 'failed'; one.error = 'offline'; })")
        expect(page.locator("[data-test=message-error]")).to_be_visible()
        for state in ("offline", "connecting", "offline", "online"):
            page.evaluate("(state) => fake.emit('connection', { state, retry_at: Date.now() + 60_000 })", state)
            page.wait_for_timeout(100)
        expect(page.locator("[data-test=live-region]")).to_contain_text("Connected again")
        said = page.evaluate("said")
        spoken = read_live(context.new_cdp_session(page))
    wanted = ["the pears are ripe", "sam", "Not sent", "Offline", "Connected again"]
    for words in wanted:
        assert [politeness for politeness, line in said if words in line] == ["polite"], said
        assert [politeness for politeness, line in spoken if words in line] == ["polite"], spoken
    assert not any("nobody else sees this" in line for _, line in said)
    assert len(said) == len(wanted), said


def read_live(devtools: CDPSession) -> list[tuple[str, str]]:
    """Return what stands in live regions of the accessibility tree, and how politely each is read out."""
    nodes = {node["nodeId"]: node for node in devtools.send("Accessibility.getFullAXTree")["nodes"]}

    def live(node: dict | None) -> str:
        while node is not None:
            for one in node.get("properties", []):
                if one["name"] == "live":
                    return one["value"]["value"]
            node = nodes.get(node.get("parentId"))
        return "off"

    texts = [node for node in nodes.values() if node["role"]["value"] == "StaticText"]
    return [(live(node), node["name"]["value"]) for node in texts if live(node) != "off"]
