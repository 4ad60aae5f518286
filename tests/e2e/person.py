"""A person at a browser: what tests say they do, in words."""

from __future__ import annotations

import re
import time

from playwright.sync_api import BrowserContext, Locator, Page, expect

INVITATION = re.compile(r"#i=[\w-]+\.[\w-]+")
LINK_CODE = re.compile(r"^\w{4}(-\w{4}){6}$")
SHORT_CODE = re.compile(r"^\d{3} \d{3}$")
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}

# One more session in the page, which is one more view of this browser.
VIEW = """
const open_view = async () => {
  const { src } = document.querySelector("script[type=module]");
  const { open_session } = await import(src);
  return open_session({ origin: location.origin, network: globalThis, is_visible: () => false });
};
const session = await (globalThis.view ??= open_view());
const found = (await session.queries.conversations()).find(({ peer }) => peer.username === username);
const conversation = found?.id;
"""
EVERY_MESSAGE = f"""async (username) => {{ {VIEW}
  return found ? session.queries.messages({{ conversation, limit: 100000 }}) : [];
}}"""
BEGIN_TO_SEND = f"""async ([username, texts]) => {{ {VIEW}
  const send_all = async () => {{
    for (const text of texts) await session.commands.send_text({{ conversation, text }});
  }};
  globalThis.sending = send_all();
}}"""


class Person:
    """One browser profile with one page, driven the way a person would."""

    def __init__(self, name: str, context: BrowserContext) -> None:
        self.name = name
        self.context = context
        self.recovery_key = ""
        self.said: list[str] = []
        self.alarms: list[str] = []
        self.page = self.new_tab()

    def new_tab(self) -> Page:
        """Open one more tab; everything the console says is kept in `said`."""
        page = self.context.new_page()
        page.on("console", lambda line: self.said.append(f"{line.type}: {line.text}"))
        page.on("pageerror", lambda error: self.said.append(f"error: {error}"))
        return page

    def see(self, name: str, **more: object) -> Locator:
        """Return what carries this `data-test` name."""
        return self.page.locator(f"[data-test={name}]", **more)

    # Signing up

    def open(self, address: str = "/") -> None:
        """Go to the server's page."""
        self.page.goto(address)

    def sign_up(self) -> Person:
        """Create an account and confirm the recovery key by typing the two groups that are asked."""
        if self.page.url == "about:blank":
            self.open()
        self.see("create-account").click()
        return self.choose_name()

    def choose_name(self) -> Person:
        """Do the rest of it, once the page asks for a name."""
        self.see("username").fill(self.name)
        self.see("sign-up-submit").click()
        expect(self.see("recovery-group")).to_have_count(7)
        groups = self.see("recovery-group").all_inner_texts()
        self.recovery_key = "-".join(groups)
        self.see("recovery-continue").click()
        expect(self.see("recovery-input")).to_have_count(2)
        for box in self.see("recovery-input").all():
            box.fill(groups[int(box.get_attribute("data-index") or 0)])
        self.see("recovery-submit").click()
        self.see("main").wait_for()
        return self

    # Finding one another

    def make_invitation(self) -> str:
        """Return a fresh invitation link."""
        self.see("new-conversation").click()
        self.see("make-invitation").click()
        expect(self.see("invitation-link")).to_have_value(INVITATION)
        link = self.see("invitation-link").input_value()
        self.see("dialog-close").locator("visible=true").first.click()
        return link

    def accept_invitation(self, link: str) -> None:
        """Open a link and say yes."""
        self.page.goto("about:blank")
        self.page.goto(link)
        self.see("open-invitation-confirm").click()
        self.see("composer-input").wait_for()

    def start_with(self, username: str) -> None:
        """Start a conversation by exact username."""
        self.see("new-conversation").click()
        self.see("find-username").fill(username)
        self.see("find-submit").click()
        self.has_open(username)
        self.see("composer-input").wait_for()

    def open_conversation(self, username: str) -> None:
        """Open the conversation with this person from the list."""
        self.page.locator(f"[data-test=conversation-item][data-username='{username}']").click()
        self.has_open(username)

    def has_open(self, name: str) -> None:
        """Wait until this conversation is the one that is shown, in place of another."""
        expect(self.see("conversation-title")).to_have_text(name)

    # Talking

    def send(self, text: str) -> Locator:
        """Write and send; return the message as it stands in the list."""
        self.see("composer-input").fill(text)
        self.see("send").click()
        return self.message(text)

    def message(self, text: str) -> Locator:
        """Return the message with exactly this text."""
        shown = self.page.locator("[data-test=message-text]").get_by_text(text, exact=True)
        return self.see("message").filter(has=shown)

    def sees(self, text: str) -> None:
        """Wait until exactly one message has this text."""
        expect(self.message(text)).to_have_count(1)

    def close_every_alarm(self) -> None:
        """From now on close whatever dialog says that something is wrong, whenever it comes, and remember its code.

        For tests in which one must come: it may do so between any two steps, and would be in the way of a click.
        """
        # Of several the last one is on top.
        alarm = self.see("alert-dialog").locator("visible=true").last

        def close() -> None:
            code = alarm.get_attribute("data-code") or ""
            this = self.page.locator(f"[data-test=alert-dialog][data-code={code}]")
            this.locator("[data-test=alert-close]").click()
            expect(this).to_be_hidden()
            self.alarms.append(code)

        # It looks for itself whether the dialog has gone; another one may be there by then.
        self.page.add_locator_handler(alarm, close, no_wait_after=True)

    def was_alarmed(self, code: str) -> None:
        """Wait until a dialog has said that this is wrong; after `close_every_alarm`."""
        deadline = time.monotonic() + 60
        while code not in self.alarms:
            assert time.monotonic() < deadline, f"{self.name} was told {self.alarms}"
            # Dialogs are closed when something is looked at.
            expect(self.page.locator("body")).to_be_visible()
            self.page.wait_for_timeout(50)

    def texts(self) -> list[str]:
        """Return the texts of the open conversation, oldest first."""
        return self.see("message-text").all_inner_texts()

    # More than one device

    def open_settings(self) -> None:
        """Open the settings, from wherever in `main`."""
        if self.see("settings").is_hidden():
            self.see("open-settings").click()
            self.see("settings").wait_for()

    def begin_link(self) -> str:
        """Let this device show a code for another browser; return it."""
        self.open_settings()
        self.see("link-device").click()
        self.see("link-start").click()
        expect(self.see("link-text")).to_have_text(LINK_CODE)
        return self.see("link-text").inner_text()

    def type_link_code(self, code: str, device_name: str) -> None:
        """In a browser without an account: take the code of another device."""
        if self.page.url == "about:blank":
            self.open()
        self.see("have-account").click()
        self.see("choice-link").click()
        self.see("link-code").press_sequentially(code.lower().replace("-", ""))
        self.see("link-device-name").fill(device_name)
        self.see("link-submit").click()

    def link(self, new: Person, device_name: str) -> None:
        """Bring the account to another browser: the code is typed there, both show a number, this one says yes."""
        new.type_link_code(self.begin_link(), device_name)
        here, there = self.see("link-dialog-short-code"), new.see("link-short-code")
        expect(here).to_have_text(SHORT_CODE)
        expect(there).to_have_text(here.inner_text())
        self.see("link-same").click()
        new.see("main").wait_for()
        expect(self.see("link-dialog")).to_have_attribute("data-result", "done")
        self.see("link-done").click()
        self.see("settings-close").click()

    def recover(self, recovery_key: str, device_name: str) -> None:
        """In a browser without an account: come back with the recovery key, up to the question for lost devices."""
        if self.page.url == "about:blank":
            self.open()
        self.see("have-account").click()
        self.see("choice-recover").click()
        self.type_recovery_key(recovery_key, device_name)

    def type_recovery_key(self, recovery_key: str, device_name: str) -> None:
        """Fill in the screen for it."""
        self.see("recover-username").fill(self.name)
        self.see("recover-key").fill(recovery_key.lower().replace("-", " "))
        self.see("recover-device-name").fill(device_name)
        self.see("recover-submit").click()
        self.see("lost-devices").wait_for()

    def device(self, device_name: str) -> Locator:
        """Return the row of the own device with this name, in the settings."""
        name = self.page.locator("[data-test=device-row-name]").get_by_text(device_name, exact=True)
        return self.see("device").filter(has=name)

    def name_this_device(self, device_name: str) -> None:
        """Give this browser a name in the list of the own devices."""
        self.open_settings()
        self.page.locator("[data-test=device][data-own=true] [data-test=device-open]").click()
        self.see("device-name").fill(device_name)
        self.see("device-rename").click()
        expect(self.device(device_name)).to_have_count(1)
        self.see("device-dialog").locator("[data-test=dialog-close]").click()

    def archive_is(self, state: str) -> None:
        """Wait until the settings, which are open, say this of the history."""
        expect(self.see("archive-state")).to_have_attribute("data-state", state)

    def revoke(self, device_name: str) -> None:
        """Remove an own device."""
        self.open_settings()
        self.device(device_name).locator("[data-test=device-open]").click()
        self.see("device-revoke").click()
        self.see("revoke-confirm").click()
        expect(self.device(device_name)).to_have_attribute("data-active", "false")

    def set_lock(self, passphrase: str) -> None:
        """Lock this browser by a passphrase from now on."""
        self.open_settings()
        self.see("lock-set").click()
        self.type_new_passphrase(passphrase)
        expect(self.see("lock-state")).to_have_attribute("data-state", "passphrase")

    def type_new_passphrase(self, passphrase: str) -> None:
        """Choose a passphrase in the dialog that is open."""
        self.see("new-passphrase").fill(passphrase)
        self.see("new-passphrase-again").fill(passphrase)
        self.see("lock-save").click()
        expect(self.see("lock-dialog")).to_have_count(0)

    def unlock(self, passphrase: str) -> None:
        """Type a passphrase on the lock screen."""
        self.see("unlock-passphrase").fill(passphrase)
        self.see("unlock").click()

    def erase_browser(self) -> None:
        """Say yes in the dialog that asks."""
        self.see("erase-word").fill("erase")
        self.see("erase-confirm").click()

    def lines(self, code: str) -> Locator:
        """Return the notices of one kind in the open conversation."""
        return self.page.locator(f"[data-test=notice][data-code={code}]")

    # What the page shows only bit by bit

    def every_text(self, username: str) -> list[str]:
        """Return all texts that this browser has of the conversation with somebody, oldest first."""
        found = self.page.evaluate(EVERY_MESSAGE, username)
        return [message["text"] for message in found if message["type"] == "text"]

    def every_notice(self, username: str) -> list[str]:
        """Return the codes of all notices in the conversation with somebody, oldest first."""
        found = self.page.evaluate(EVERY_MESSAGE, username)
        return [message["code"] for message in found if message["type"] == "notice"]

    def has_all(self, username: str, texts: list[str]) -> None:
        """Wait until this browser has as many texts as these; they are these, in this order."""
        deadline = time.monotonic() + 60
        while len(found := self.every_text(username)) < len(texts) and time.monotonic() < deadline:
            self.page.wait_for_timeout(100)
        assert found == texts

    def send_all(self, username: str, texts: list[str]) -> None:
        """Send these to somebody, one after the other, as fast as the session takes them."""
        self.begin_to_send(username, texts)
        self.end_sending()

    def begin_to_send(self, username: str, texts: list[str]) -> None:
        """Send these to somebody, and don't wait for it."""
        self.page.evaluate(BEGIN_TO_SEND, [username, texts])

    def end_sending(self) -> None:
        """Wait until the session has taken what is being sent."""
        self.page.evaluate("globalThis.sending")
