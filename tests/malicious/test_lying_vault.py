"""ATTACKS 19: a server that gives back an older vault than this browser knows."""

import time

from playwright.sync_api import expect

from tests.e2e.person import Person
from tests.malicious.conftest import LyingServer, account_of


def version_of(server: LyingServer, person: Person) -> int:
    """The version of a person's vault on the server."""
    script = (
        "from keys.models import Vault;"
        f"print(Vault.objects.get(account__uid=bytes.fromhex('{account_of(person).hex()}')).version)"
    )
    return int(server.manage("shell", "--verbosity", "0", "-c", script))


def wait_for_version(server: LyingServer, person: Person, least: int) -> int:
    """Wait until the vault has at least this version."""
    deadline = time.monotonic() + 60
    while (version := version_of(server, person)) < least:
        assert time.monotonic() < deadline, f"still {version}"
        time.sleep(0.2)
    return version


def test_an_old_vault_is_told_not_taken_in_and_replaced(two: tuple[Person, Person], server: LyingServer) -> None:
    alice, _ = two
    before = version_of(server, alice)
    alice.close_every_alarm()
    # She looks at it once more, which makes an answer to show her again.
    alice.page.reload()
    alice.open_conversation("bob")
    alice.see("open-contact").click()
    alice.see("verify").click()
    expect(alice.see("safety-state")).to_have_attribute("data-state", "verified")
    known = wait_for_version(server, alice, before + 1)
    older = {"do": "replay", "path": "/api/vault$", "method": "GET", "which": -1, "left": 1}
    server.lie(answers=[older | {"to": account_of(alice).hex()}])
    alice.page.reload()
    alice.open_conversation("bob")
    alice.was_alarmed("vault_rolled_back")
    alice.see("open-contact").click()
    expect(alice.see("safety-state")).to_have_attribute("data-state", "verified")
    wait_for_version(server, alice, known + 1)
    assert alice.alarms.count("vault_rolled_back") == 1
