"""The fixtures of the browser tests, on a server that can be told to lie."""

import hashlib
import json
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from keys import base64url
from tests.e2e.person import Person
from tests.e2e.running_server import RunningServer


class LyingServer(RunningServer):
    """The real application, wrapped; honest until told otherwise."""

    def lie(self, **rules: object) -> None:
        """From now on answer with these lies; without any, be honest again."""
        request = urllib.request.Request(f"{self.origin}/lie", data=json.dumps(rules).encode(), method="POST")
        urllib.request.urlopen(request, timeout=60).close()

    def wait_until_told(self) -> None:
        """Wait until every lie that is to be told a number of times has been."""
        deadline = time.monotonic() + 60
        while True:
            with urllib.request.urlopen(f"{self.origin}/lie", timeout=60) as answer:
                left = [rule.get("left", 0) for rule in json.load(answer)["frames"]]
            if not any(left):
                return
            assert time.monotonic() < deadline, f"still to be told: {left}"
            time.sleep(0.05)

    def chain_of(self, account_id: bytes) -> dict:
        """The honest chain of an account, as the database has it."""
        account = base64url.encode(account_id)
        script = (
            "import json; from keys import base64url, services;"
            f"rows = services.read_chain(base64url.decode('{account}'), 0, 0).events;"
            "print(json.dumps([{'event': base64url.encode(event), 'signatures': names} for event, names in rows]))"
        )
        return {"account": account, "events": json.loads(self.manage("shell", "--verbosity", "0", "-c", script))}

    @staticmethod
    def hash_of(event: str) -> bytes:
        """SHA-256 of an event in base64url."""
        return hashlib.sha256(base64url.decode(event)).digest()


def account_of(person: Person) -> bytes:
    """The account id, as the person's own invitation link says it."""
    return base64url.decode(person.make_invitation().split("#i=")[1].split(".")[0])


@pytest.fixture
def server(tmp_path: Path) -> Iterator[LyingServer]:
    """A server that can be told to lie."""
    with LyingServer(tmp_path / "data", application="tests.malicious.lying_asgi:application") as running:
        yield running


@pytest.fixture
def two(new_person: callable) -> tuple[Person, Person]:
    """Alice and Bob, connected while the server is honest."""
    alice, bob = new_person("alice").sign_up(), new_person("bob").sign_up()
    bob.accept_invitation(alice.make_invitation())
    alice.open_conversation("bob")
    bob.send("before the lie")
    alice.sees("before the lie")
    return alice, bob
