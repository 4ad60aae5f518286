"""A person at a browser: what tests say they do, in words."""

from __future__ import annotations

import re
import time

from playwright.sync_api import BrowserContext, Locator, Page, expect

INVITATION = re.compile(r"#i=[\w-]+\.[\w-]+")
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


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
        self.see("composer-input").wait_for()

    def open_conversation(self, username: str) -> None:
        """Open the conversation with this person from the list."""
        self.page.locator(f"[data-test=conversation-item][data-username='{username}']").click()
        self.see("conversation").wait_for()

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
