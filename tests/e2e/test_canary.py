"""Nothing that a person wrote is on the server: unusual words are typed, then looked for wherever it keeps things.

What it does have is listed in docs/what_the_server_knows.md, and tests/api/test_what_can_be_read.py checks the list.
"""

import base64
import contextlib
import sqlite3
import time
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from operators.totp import code_at
from tests.e2e.group_steps import make_group
from tests.e2e.operator import PASSWORD, open_admin
from tests.e2e.person import Person
from tests.e2e.running_server import RunningServer

WORDS = {
    "message": "zanzibarquagga7731",
    "answer": "okapinebulosity9942",
}
MORE_WORDS = {
    "group": "tapirmeridian5518",
    "file name": "wombatisthmus2264",
    "file": "axolotlcadenza8807",
    "device": "pangolinsextant6135",
}
METRICS_TOKEN = "a token for the metrics of this test"


def as_stored(word: str) -> list[bytes]:
    """Return the forms in which a careless server would keep a word."""
    plain = word.encode()
    # Base64 of a text that stands anywhere inside a longer one: the part that does not depend on its neighbours.
    shifted = [base64.b64encode(b"\0" * shift + plain)[4 if shift else 0 : -4] for shift in range(3)]
    return [plain, plain.hex().encode(), word.encode("utf-16-le"), *shifted]


def places_with(words: dict[str, str], haystacks: dict[str, bytes]) -> set[tuple[str, str]]:
    """Return (word's name, place) for each word that is found somewhere."""
    return {
        (name, place)
        for name, word in words.items()
        for place, content in haystacks.items()
        if any(form in content for form in as_stored(word))
    }


def server_files(data: Path) -> dict[str, bytes]:
    """Return everything the server keeps on disk, but for the static files that it serves to all."""
    files = [path for path in data.rglob("*") if path.is_file() and "static" not in path.relative_to(data).parts]
    return {path.name: path.read_bytes() for path in files}


def set_up_second_factor(page: Page) -> dict[str, str]:
    """Set up a second factor; return what must be nowhere from then on."""
    page.goto("/admin/second_factor/")
    page.fill("#password", PASSWORD)
    page.click("input[type=submit]")
    text = page.locator(".secret").inner_text().replace(" ", "")
    secret = base64.b32decode(text)
    page.fill("#code", code_at(secret, time.time()))
    page.click("input[type=submit]")
    codes = page.locator(".codes code").all_inner_texts()
    assert codes
    return {"password": PASSWORD, "second factor": text, "its bytes": secret.decode("latin-1")} | {
        f"recovery code {number}": code for number, code in enumerate(codes)
    }


def make_registration_code(page: Page) -> str:
    """Make one in the admin, where it is shown once."""
    page.goto("/admin/keys/registrationcode/make/")
    page.fill("input[name=label]", "the choir")
    page.click("#content input[type=submit]")
    return page.locator("#content li code").last.inner_text()


def admin_pages(page: Page, server: RunningServer) -> Iterator[tuple[str, bytes]]:
    """Walk every page of the admin that links reach; of lists some ways to filter and sort them."""
    seen, ahead, ways = set(), ["/admin/"], Counter[str]()
    while ahead and len(seen) < 300:
        path = ahead.pop(0)
        page_of = path.partition("?")[0]
        if path in seen or ways[page_of] == 4 or "logout" in path or "jsi18n" in path:
            continue
        seen.add(path)
        ways[page_of] += 1
        response = page.goto(path)
        if response is None or not (response.headers.get("content-type") or "").startswith("text/html"):
            continue
        yield path, response.body()
        for link in page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)"):
            parts = urllib.parse.urlsplit(link)
            if link.startswith(server.origin) and parts.path.startswith("/admin/"):
                ahead.append(parts.path + (f"?{parts.query}" if parts.query else ""))


def vault_versions(data: Path) -> int:
    """Return how often vaults were stored."""
    with contextlib.closing(sqlite3.connect(data / "talk2me.sqlite3", timeout=60)) as database:
        return database.execute("SELECT coalesce(sum(version), 0) FROM keys_vault").fetchone()[0]


def wait_until(condition: Callable[[], bool]) -> None:
    """Ask until it is so."""
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RunningServer]:
    """A server that says as much as it can of what it does."""
    chatty = {"LOG_LEVEL": "DEBUG", "LOG_FORMAT": "json", "METRICS_TOKEN": METRICS_TOKEN}
    with RunningServer(tmp_path / "data", **chatty) as running:
        yield running


def metrics(server: RunningServer) -> bytes:
    """Return what a monitoring is told."""
    asked = urllib.request.Request(f"{server.origin}/metrics", headers={"Authorization": f"Bearer {METRICS_TOKEN}"})
    with urllib.request.urlopen(asked, timeout=60) as answer:
        return answer.read()


def backup(server: RunningServer, name: str) -> bytes:
    """Return a backup of now; what is not compressed can be searched."""
    file = server.data.parent / name
    server.manage("backup", str(file))
    return file.read_bytes()


def spend_a_busy_day(alice: Person, bob: Person, server: RunningServer, file: Path) -> None:
    """Whatever leaves words somewhere."""
    bob.accept_invitation(alice.make_invitation())
    alice.open_conversation("bob")
    bob.send(f"the word is {WORDS['message']}")
    alice.sees(f"the word is {WORDS['message']}")
    alice.send(f"and mine is {WORDS['answer']}")
    bob.sees(f"and mine is {WORDS['answer']}")
    alice.see("open-contact").click()
    before = vault_versions(server.data)
    alice.see("verify").click()  # a vault with a verified contact
    wait_until(lambda: vault_versions(server.data) > before)
    make_group(alice, f"The {MORE_WORDS['group']}", "bob")
    file.write_text(f"{MORE_WORDS['file']}\n" * 3)
    alice.see("attach-files").set_input_files(file)
    alice.see("send").click()
    expect(alice.see("message").last).to_have_attribute("data-status", "delivered")
    alice.name_this_device(f"My {MORE_WORDS['device']}")


def test_no_word_of_a_busy_day_is_anywhere_on_the_server(
    new_person: callable, new_profile: callable, server: RunningServer, tmp_path: Path
) -> None:
    alice, bob = new_person("alice").sign_up(), new_person("bob").sign_up()
    spend_a_busy_day(alice, bob, server, tmp_path / f"{MORE_WORDS['file name']}.txt")
    recovery_key = alice.recovery_key
    words = WORDS | MORE_WORDS
    words |= {"recovery key": recovery_key, "recovery key, joined": recovery_key.replace("-", "")}

    said: list[str] = []
    context: BrowserContext = new_profile()
    context.on("console", lambda line: said.append(line.text) if line.type in ("error", "warning") else None)
    page = open_admin(context, server)
    words |= set_up_second_factor(page) | {"registration code": make_registration_code(page)}
    pages = {path: body for path, body in admin_pages(page, server) if "registrationcode/make" not in path}
    haystacks = pages | server_files(server.data)
    haystacks |= {
        "server.log": server.log.read_bytes(),
        "/metrics": metrics(server),
        "backup": backup(server, "one.tar"),
    }

    assert said == []  # nothing in the admin breaks its Content Security Policy
    assert len(pages) > 10
    for part in ("mailbox", "auditentry", "registrationcode", "attachment"):
        assert any(part in path for path in pages), part
    assert any(name.endswith(".sqlite3") for name in haystacks)
    assert places_with(words, haystacks) == set()
    assert not any(b"127.0.0.1" in line for line in haystacks["server.log"].splitlines() if b"talk2me" not in line)
    # What it has: names, labels of operators, who did what.
    assert {place for _, place in places_with({"name": "alice"}, haystacks)} >= {"talk2me.sqlite3", "backup"}

    # And it would have been found: the same search, with one planted in each kind of place.
    with contextlib.closing(sqlite3.connect(server.data / "talk2me.sqlite3", timeout=60)) as database, database:
        database.execute("UPDATE keys_vault SET body = ?", (f"xx {WORDS['message']} yy".encode(),))
    with server.log.open("a") as log:
        log.write(WORDS["answer"].encode().hex())
    haystacks = server_files(server.data) | {"server.log": server.log.read_bytes(), "backup": backup(server, "two.tar")}
    found = places_with(words, haystacks)
    assert {("message", "backup"), ("answer", "server.log")} <= found
    assert {name for name, _ in found} == {"message", "answer"}
    assert places_with({"page": "operators"}, pages)
