"""Nothing that a person wrote is on the server: unusual words are typed, then looked for wherever it keeps things."""

import base64
import contextlib
import sqlite3
import time
import urllib.parse
from collections.abc import Callable, Iterator
from pathlib import Path

from playwright.sync_api import BrowserContext

from tests.e2e.operator import open_admin
from tests.e2e.running_server import RunningServer

WORDS = {
    "message": "zanzibarquagga7731",
    "answer": "okapinebulosity9942",
}


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


def admin_pages(context: BrowserContext, server: RunningServer, said: list[str]) -> Iterator[tuple[str, bytes]]:
    """Sign in to the admin and walk every page that links reach; `said` gets what the console says meanwhile."""
    context.on("console", lambda line: said.append(line.text))
    page = open_admin(context, server)
    seen, ahead = set(), ["/admin/"]
    while ahead and len(seen) < 300:
        path = ahead.pop()
        if path in seen or "logout" in path or "jsi18n" in path:
            continue
        seen.add(path)
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


def test_no_word_of_a_conversation_is_anywhere_on_the_server(
    new_person: callable, new_profile: callable, server: RunningServer
) -> None:
    alice, bob = new_person("alice").sign_up(), new_person("bob").sign_up()
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
    recovery_key = alice.recovery_key
    words = WORDS | {"recovery key": recovery_key, "recovery key, joined": recovery_key.replace("-", "")}

    said: list[str] = []
    pages = dict(admin_pages(new_profile(), server, said))
    haystacks = pages | server_files(server.data) | {"server.log": server.log.read_bytes()}

    assert said == []  # nothing in the admin breaks its Content Security Policy
    assert len(pages) > 10
    assert any("mailbox" in path for path in pages)
    assert any(name.endswith(".sqlite3") for name in haystacks)
    assert places_with(words, haystacks) == set()
    assert not any(b"127.0.0.1" in line for line in haystacks["server.log"].splitlines() if b"talk2me" not in line)

    # And it would have been found: the same search, with one planted in each kind of place.
    with sqlite3.connect(server.data / "talk2me.sqlite3") as database:
        database.execute("CREATE TABLE planted (text TEXT)")
        database.execute("INSERT INTO planted VALUES (?)", (f"xx {WORDS['message']} yy",))
    database.close()
    with server.log.open("a") as log:
        log.write(WORDS["answer"].encode().hex())
    found = places_with(words, server_files(server.data) | {"server.log": server.log.read_bytes()})
    assert {name for name, _ in found} == {"message", "answer"}
    assert places_with({"page": "Django"}, pages | {}) or places_with({"page": "admin"}, pages)
