"""The way of an operator from the README alone: each step is done, timed and pictured for docs/operators_path.md.

`make operators-path` runs it, with the address of the README (port 8000, which has to be free) and people in Chromium.
"""

import base64
import io
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from operators.totp import STEP_SECONDS, code_at
from tests.browser_profiles import PATIENCE, QUIET
from tests.e2e.operators_machine import ORIGIN, Machine
from tests.e2e.person import Person
from tests.e2e.pictures.take import open_browser, take
from tests.e2e.pictures.test_pictures import IMAGES, renew
from tests.e2e.running_server import ROOT

DOCUMENT = ROOT / "docs/operators_path.md"
SIZE = (1024, 720)
PASSWORD = "a long enough password"
STEPS = "<!-- steps: written by make operators-path -->\n"
OUTPUT = "<!-- output -->\n"
END = "<!-- end -->\n"


class Walk:
    """What has been done so far."""

    def __init__(self, chromium: Browser, stack: ExitStack) -> None:
        self.chromium, self.stack = chromium, stack
        self.rows: list[str] = []
        self.printed: list[str] = []

    @contextmanager
    def step(self, name: str, typed: str, *pictures: str) -> Iterator[None]:
        """Do a step, and note how long it took."""
        began = time.monotonic()
        yield
        seconds = time.monotonic() - began
        files = {one: f"images/operator_{one}.webp" for one in pictures}
        shown = " ".join(f'<img src="{file}" width="240" alt="{one.replace("_", " ")}">' for one, file in files.items())
        self.rows.append(f"| {len(self.rows) + 1} | {name} | {typed} | {seconds:.0f} s | {shown} |")
        print(self.rows[-1], flush=True)  # noqa: T201 - what it is for

    def keep(self, title: str, text: str) -> None:
        """Keep what a command printed."""
        self.printed.append(f"**{title}**\n\n```\n{text}\n```\n")
        print(self.printed[-1], flush=True)  # noqa: T201 - see above

    def picture(self, page: Page, name: str) -> None:
        """Keep what the screen shows."""
        png = take(page, *SIZE, "light")
        renew(IMAGES / f"operator_{name}.webp", Image.open(io.BytesIO(png)).convert("RGB"))

    def new_page(self) -> Page:
        """Return a page of a profile that nobody has used."""
        context = self.stack.enter_context(open_browser(self.chromium, base_url=ORIGIN))
        return context.new_page()

    def new_person(self, name: str) -> Person:
        """Return somebody who has never been here."""
        return Person(name, self.stack.enter_context(open_browser(self.chromium, base_url=ORIGIN)))


def sign_in(page: Page, code: str = "") -> None:
    """Come in as the operator."""
    page.goto("/admin/")
    page.fill("input[name=username]", "anna")
    page.fill("input[name=password]", PASSWORD)
    page.fill("input[name=code]", code)


def press(page: Page, label: str) -> None:
    """Press the button of a form."""
    page.get_by_role("button", name=label, exact=True).click()


def next_code(secret: bytes) -> str:
    """Wait as somebody does whose last code has counted: for the next one."""
    time.sleep(STEP_SECONDS - time.time() % STEP_SECONDS + 1)
    return code_at(secret, time.time())


def talk(one: Person, other: Person, words: str) -> None:
    """Say something and be answered, in the conversation that both have."""
    for writer, reader, text in ((one, other, words), (other, one, f"{words}: yes")):
        writer.open_conversation(reader.name)
        writer.send(text)
        reader.open_conversation(writer.name)
        reader.sees(text)


def act_on(page: Page, username: str, action: str) -> None:
    """Choose an account in the list, and what is done to it, up to the question."""
    page.goto("/admin/keys/account/")
    row = page.locator("#result_list tbody tr").filter(has=page.get_by_role("link", name=username, exact=True))
    row.locator("input.action-select").check()
    page.select_option("select[name=action]", label=action)
    page.get_by_role("button", name="Run").or_(page.get_by_role("button", name="Go")).first.click()


def start(walk: Walk, here: Machine) -> None:
    """From nothing to a server that is looked after."""
    with walk.step("Get the code", "`git clone`"):
        here.clone()
    with walk.step("Start, for the first time", "`make run`"):
        here.make_run()
    with walk.step("Say who may sign up", "Ctrl-C, `REGISTRATION=invite` into `.env`, `make run`"):
        here.stop()
        here.set(REGISTRATION="invite")
        here.make_run()
    with walk.step("Ask what is wrong", f"`manage.py doctor --url {ORIGIN}`"):
        said = here.manage("doctor", "--url", ORIGIN, may_fail=True)
    walk.keep("doctor", said)
    with walk.step("Keep the keys elsewhere", "`cp .env` to another disk"):
        shutil.copy(here.folder / ".env", here.folder.parent / "kept.env")


def set_up_operator(walk: Walk, here: Machine, page: Page) -> bytes:
    """Make the operator's account and its second factor; return the secret."""
    with walk.step("Make an operator", "`manage.py operator anna --role owner`, a password"):
        said = here.manage("operator", "anna", "--role", "owner", given=f"{PASSWORD}\n")
    walk.keep("operator", said)
    with walk.step("Second factor", "`/admin/`, Set up a second factor, password, code", "factor"):
        sign_in(page)
        press(page, "Sign in")
        page.get_by_role("link", name="Set up a second factor").click()
        page.fill("#password", PASSWORD)
        press(page, "Set it up")
        secret = base64.b32decode(page.locator(".secret").inner_text().replace(" ", ""))
        page.locator("#qr *").first.wait_for(state="attached")
        walk.picture(page, "factor")
        page.fill("#code", code_at(secret, time.time()))
        press(page, "Turn it on")
        page.get_by_role("link", name="I have written them down").click()
    with walk.step("Sign in with it", "name, password, the next code", "sign_in"):
        page.context.clear_cookies()
        sign_in(page, next_code(secret))
        walk.picture(page, "sign_in")
        press(page, "Sign in")
        page.locator("#user-tools").wait_for()
    return secret


def invite(walk: Walk, page: Page) -> list[Person]:
    """Let three people in by links, of whom two talk."""
    with walk.step("Invite", "Registration codes, Make codes: 3", "codes"):
        page.goto("/admin/keys/registrationcode/")
        page.get_by_role("link", name="Make codes").click()
        page.fill("input[name=count]", "3")
        page.fill("input[name=label]", "choir")
        press(page, "Make codes")
        shown = page.locator("#content li code:last-of-type").all_inner_texts()
        codes = list(dict.fromkeys(text for text in shown if re.fullmatch(r"[\w-]{22}", text)))
        links = [page.locator("#content li").filter(has_text=code).locator("code").first.inner_text() for code in codes]
        walk.picture(page, "codes")
    people = [walk.new_person(name) for name in ("alice", "bob", "mallory")]
    with walk.step("*Three people come by the links; two of them talk*", "", "people"):
        for person, link in zip(people, links, strict=True):
            person.page.goto(link)
            person.choose_name()
        alice, bob, _ = people
        bob.accept_invitation(alice.make_invitation())
        bob.send("Rehearsal at seven?")
        talk(alice, bob, "At seven")
        walk.picture(alice.page, "people")
    return people


def see_and_suspend(walk: Walk, page: Page, mallory: Person) -> None:
    """Look how it is, and shut somebody out."""
    with walk.step("See", "`/admin/`", "front"):
        page.goto("/admin/")
        # The jobs count for the first time a minute after the start.
        while page.get_by_text("Nothing is counted yet").is_visible():
            page.wait_for_timeout(2_000)
            page.reload()
        walk.picture(page, "front")
    with walk.step("Suspend", "Accounts, tick, Suspend selected accounts, yes", "suspend", "suspended"):
        act_on(page, "mallory", "Suspend selected accounts")
        walk.picture(page, "suspend")
        press(page, "Suspend selected accounts")
        expect(mallory.see("alert-dialog")).to_have_attribute("data-code", "device_revoked")
        walk.picture(mallory.page, "suspended")
    with walk.step("See who did it", "Audit entries", "audit"):
        page.goto("/admin/operators/auditentry/")
        walk.picture(page, "audit")


def lose_and_restore(walk: Walk, here: Machine, people: list[Person], secret: bytes) -> None:
    """Back up, lose everything, and put it back."""
    alice, bob, _ = people
    backup = here.folder.parent / "talk2me.tar"
    with walk.step("Back up, while people write", "`manage.py backup /elsewhere/talk2me.tar`"):
        said = here.manage("backup", str(backup))
    walk.keep("backup", said)
    with walk.step("*They talk on, after the backup*", ""):
        talk(alice, bob, "Written after the backup")
    with walk.step("Lose the disk", "power off, `var/` and `.env` gone"):
        here.lose_disk()
    with walk.step(
        "Restore", "`.env` from its copy, a new `KEYLOG_KEY` in it, `manage.py restore /elsewhere/talk2me.tar`"
    ):
        shutil.copy(here.folder.parent / "kept.env", here.folder / ".env")
        here.set(KEYLOG_KEY=here.say("openssl", "rand", "-base64", "48"))
        said = here.manage("restore", str(backup))
    walk.keep("restore", said)
    with walk.step("Start again", "`make run`", "red_page"):
        here.make_run()
        expect(alice.see("log-alarm")).to_be_visible()
        walk.picture(alice.page, "red_page")
    with walk.step("*People believe the new key log, and talk on*", "", "put_back"):
        for person in (alice, bob):
            person.see("log-restart").click()
            person.see("log-restart-confirm").click()
            expect(person.see("log-alarm")).to_have_count(0)
        talk(alice, bob, "Still here")
        alice.sees("Written after the backup")
        walk.picture(alice.page, "put_back")
    page = walk.new_page()
    with walk.step("Sign in, reinstate", "name, password, the next code; Accounts, tick, Reinstate, yes", "restored"):
        sign_in(page, next_code(secret))
        press(page, "Sign in")
        page.locator("#user-tools").wait_for()
        act_on(page, "mallory", "Reinstate selected accounts")
        press(page, "Reinstate selected accounts")
        page.goto("/admin/keys/account/")
        walk.picture(page, "restored")
    here.stop()


def upgrade(walk: Walk, there: Machine, before: str) -> None:
    """Begin with the release before, and go to this one."""
    with walk.step(f"*A server of the release before ({before}), where people talk*", "`make run`"):
        there.clone()
        there.say("git", "checkout", "--quiet", "--detach", before)
        there.make_run()
        alice, bob = walk.new_person("alice").sign_up(), walk.new_person("bob").sign_up()
        bob.accept_invitation(alice.make_invitation())
        bob.send("Before the update")
        talk(alice, bob, "Still before")
    with walk.step("Back up", "`manage.py backup /elsewhere/before.tar`"):
        there.manage("backup", str(there.folder.parent / "before.tar"))
    with walk.step("Update", "Ctrl-C, `git pull`, `make run`", "updated"):
        there.stop()
        there.say("git", "checkout", "--quiet", "-")
        there.make_run()
        talk(alice, bob, "After the update")
        for person in (alice, bob):
            person.page.reload()
            person.see("main").wait_for()
        talk(bob, alice, "After loading the new page")
        walk.picture(alice.page, "updated")
    with walk.step("Compare what it serves", f"`make verify-host URL={ORIGIN}`"):
        said = there.say("make", "verify-host", f"URL={ORIGIN}", may_fail=True)
    walk.keep("verify-host", said)
    with walk.step("Ask what is wrong", f"`manage.py doctor --url {ORIGIN}`"):
        said = there.manage("doctor", "--url", ORIGIN, may_fail=True)
    walk.keep("doctor, after the update", said)
    there.stop()


def write(rows: list[str], printed: list[str]) -> None:
    """Put figures and output into the document."""
    text = DOCUMENT.read_text()
    table = "\n".join(["| | step | typed | took | seen |", "|---|---|---|---|---|", *rows]) + "\n"
    for mark, content in ((STEPS, table), (OUTPUT, "\n".join(printed))):
        head, _, tail = text.partition(mark)
        text = head + mark + content + END + tail.partition(END)[2]
    DOCUMENT.write_text(text)


def main(before: str) -> None:
    """Walk it all."""
    expect.set_options(timeout=PATIENCE)
    chromium_path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="talk2me-operator-")))
        here, there = Machine(home / "server"), Machine(home / "older")
        stack.callback(here.stop)
        stack.callback(there.stop)
        playwright = stack.enter_context(sync_playwright())
        walk = Walk(playwright.chromium.launch(executable_path=chromium_path, args=QUIET), stack)
        start(walk, here)
        page = walk.new_page()
        secret = set_up_operator(walk, here, page)
        people = invite(walk, page)
        see_and_suspend(walk, page, people[2])
        lose_and_restore(walk, here, people, secret)
        upgrade(walk, there, before)
        write(walk.rows, walk.printed)


if __name__ == "__main__":
    main(sys.argv[1])
