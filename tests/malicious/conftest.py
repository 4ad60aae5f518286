"""The fixtures of the browser tests, on a server that can be told to lie."""

import hashlib
import json
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from keys import base64url
from tests.e2e.person import Person
from tests.e2e.running_server import ROOT, RunningServer
from tests.factories import FakeAccount, FakeDevice, as_event, sign_event


class LyingServer(RunningServer):
    """The real application, wrapped; honest until told otherwise."""

    def lie(self, **rules: object) -> None:
        """From now on tell these lies (lies/__init__.py); without any, be honest again."""
        request = urllib.request.Request(f"{self.origin}/lie", data=json.dumps(rules).encode(), method="POST")
        urllib.request.urlopen(request, timeout=60).close()

    def wait_until_told(self) -> None:
        """Wait until every lie that is to be told a number of times has been."""
        deadline = time.monotonic() + 60
        while True:
            with urllib.request.urlopen(f"{self.origin}/lie", timeout=60) as answer:
                told = json.load(answer)
                left = [rule.get("left", 0) for rule in told["frames"] + told["answers"]]
            if not any(left):
                return
            assert time.monotonic() < deadline, f"still to be told: {left}"
            time.sleep(0.05)

    def chain_of(self, account_id: bytes) -> dict:
        """The honest chain of an account and its proof, as the database has them."""
        account = base64url.encode(account_id)
        script = (
            "import json; from keys import base64url, services;"
            f"found = services.read_chain(base64url.decode('{account}'), 0, 0);"
            "events = [{'event': base64url.encode(event), 'signatures': names} for event, names in found.events];"
            "print(json.dumps({'events': events, 'log': found.log}))"
        )
        return {"account": account, **json.loads(self.manage("shell", "--verbosity", "0", "-c", script))}

    @staticmethod
    def hash_of(event: str) -> bytes:
        """SHA-256 of an event in base64url."""
        return hashlib.sha256(base64url.decode(event)).digest()


class ForkingServer(LyingServer):
    """One that keeps a log of its own for some."""

    def fork(self, person: Person, *steps: dict) -> None:
        """Show this person a log of their own from now on, and go on with it so."""
        self._post(name=f"browser-of-{person.name}", steps=list(steps))

    def join(self, person: Person) -> None:
        """Show this person the log that everybody sees."""
        self._post(name=f"browser-of-{person.name}", steps=None)

    def verdict(self, evidence: Path, *more: str) -> str:
        """What `check_evidence` says of a saved file to a third party."""
        command = [sys.executable, "manage.py", "check_evidence", str(evidence), *more]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)
        return done.stdout

    def _post(self, **wish: object) -> None:
        request = urllib.request.Request(f"{self.origin}/fork", data=json.dumps(wish).encode(), method="POST")
        urllib.request.urlopen(request, timeout=60).close()


def account_of(person: Person) -> bytes:
    """The account id, as the person's own invitation link says it."""
    return base64url.decode(person.make_invitation().split("#i=")[1].split(".")[0])


def forged_chain(person: Person, origin: str) -> dict:
    """A well-signed chain for this person's account id and name, with keys that the server made."""
    account_id = account_of(person)
    device = FakeDevice(account_id)
    account = FakeAccount(person.name, account_id=account_id, devices=[device])
    event = as_event(account.fields("create", account.create_body(device)))
    made = sign_event(event, account, device, origin=origin)
    signatures = {name: base64url.encode(getattr(made, name)) for name in ("identity", "sign_in", "mls")}
    return {"account": base64url.encode(account_id), "events": [{"event": base64url.encode(event), "signatures": signatures}]}  # fmt: skip # noqa: E501


def look_at_log(person: Person) -> None:
    """As each hour, and with each connection: the own chain is asked for, and with it comes a newer checkpoint."""
    with person.page.expect_response(re.compile(r"/chain\?")):
        person.page.evaluate("location.reload()")
    person.see("main").wait_for()
    # It is checked and stored in a moment.
    person.page.wait_for_timeout(1_000)


def is_shown_red_page(person: Person, code: str) -> None:
    """The whole screen, by itself."""
    alarm = person.see("log-alarm")
    expect(alarm).to_be_visible()
    expect(alarm).to_have_attribute("data-code", code)
    expect(person.see("log-alarm-title")).to_be_visible()
    expect(person.see("log-save-evidence")).to_be_visible()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ForkingServer]:
    """A server that can be told to lie, and to keep a key log of its own for some."""
    with ForkingServer(tmp_path / "data", application="tests.malicious.forking_asgi:application") as running:
        yield running


@pytest.fixture
def named(new_person: callable) -> callable:
    """People whom the server can tell apart."""

    def make(name: str, **options: object) -> Person:
        return new_person(name, user_agent=f"Mozilla/5.0 browser-of-{name}", **options).sign_up()

    return make


@pytest.fixture
def two(named: callable) -> tuple[Person, Person]:
    """Alice and Bob, connected while the server is honest; Bob came by her link, so only he has verified the other."""
    alice, bob = named("alice"), named("bob")
    bob.accept_invitation(alice.make_invitation())
    alice.open_conversation("bob")
    bob.send("before the lie")
    alice.sees("before the lie")
    return alice, bob


@pytest.fixture
def watching(two: tuple[Person, Person]) -> tuple[Person, Person]:
    """The same, after each has looked at the key log."""
    for person in two:
        look_at_log(person)
    return two
