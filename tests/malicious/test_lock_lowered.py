"""ATTACKS 20: somebody who can write to this browser's disk lowers what a lock costs, or a server would."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.person import Person
from tests.e2e.running_server import ROOT
from tests.malicious.stored import stored_in

PASSPHRASE = "correct horse battery staple"
CHANGE_LOCK = """
async (changed) => {
  const done = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const database = await done(indexedDB.open("talk2me"));
  const keys = database.transaction("keys", "readwrite").objectStore("keys");
  await done(keys.put({ ...(await done(keys.get("lock"))), ...changed }, "lock"));
  database.close();
}
"""
# What a derivation could be told by a server.
WORDS = "argon|scrypt|bcrypt|pbkdf|work.?factor|iterations|memory.?cost|time.?cost|parallelism"
WORK_FACTOR = re.compile(WORDS, re.IGNORECASE)
OF_SIGN_UP = re.compile("ALTCHA|REGISTRATION_WORK")


@pytest.fixture
def locked(new_person: callable) -> Person:
    """Alice, whose browser is locked by a passphrase."""
    alice = new_person("alice").sign_up()
    alice.page.goto("/#/settings/lock")
    alice.see("lock-set").click()
    alice.see("new-passphrase").fill(PASSPHRASE)
    alice.see("new-passphrase-again").fill(PASSPHRASE)
    alice.see("lock-save").click()
    expect(alice.see("lock-state")).to_have_attribute("data-state", "passphrase")
    alice.see("lock-now").click()
    alice.see("lock-screen").wait_for()
    return alice


def without_owner(person: Person) -> dict[str, str]:
    """All that is stored but whose page it is."""
    return {name: value for name, value in stored_in(person.page).items() if not name.startswith("owner/")}


def test_a_lock_with_other_parameters_is_told_not_opened_and_overwritten_by_nothing(locked: Person) -> None:
    honest = {"m": 65_536, "t": 3, "p": 1}
    least = {"m": 19_456, "t": 2}
    for changed in ({"m": 8_192}, {"t": 1}, {"p": 4}, {"m": 4_194_304}, {"t": 1_000_000}, least):
        locked.page.evaluate(CHANGE_LOCK, honest | changed)
        locked.page.reload()
        locked.see("lock-screen").wait_for()
        kept = without_owner(locked)
        locked.see("unlock-passphrase").fill(PASSPHRASE)
        locked.see("unlock").click()
        # The least that is allowed is not weak, but it is not what the key was made with.
        words = "does not open it" if changed == least else "lock was changed to a weak one"
        expect(locked.see("unlock-error")).to_contain_text(words)
        expect(locked.see("lock-screen")).to_be_visible()
        assert without_owner(locked) == kept
    locked.page.evaluate(CHANGE_LOCK, honest)
    locked.page.reload()
    locked.see("unlock-passphrase").fill(PASSPHRASE)
    locked.see("unlock").click()
    locked.see("main").wait_for()


def test_no_answer_of_the_server_says_what_a_derivation_costs() -> None:
    # But for the work of signing up, which opens nothing, and of which a page does so much and no more.
    lines = (ROOT / "docs/wire_format.md").read_text().splitlines()
    assert [line for line in lines if WORK_FACTOR.search(line) and not OF_SIGN_UP.search(line)] == []
    every = [*ROOT.glob("keys/**/*.py"), *ROOT.glob("messaging/**/*.py")]
    servers = [file for file in every if file.name != "work.py"]
    assert [str(file) for file in servers if WORK_FACTOR.search(file.read_text())] == []
    # Nor would anything that reads answers hand it on.
    readers = ROOT.glob("static/js/transport/*.js")
    assert [str(file) for file in readers if WORK_FACTOR.search(file.read_text())] == []
