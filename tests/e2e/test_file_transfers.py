"""Files on their way: cut off, stopped and gone on with; and kept beyond the time of the server."""

import contextlib
import re
import sqlite3
from pathlib import Path

import pytest
from playwright.sync_api import Request, Route, expect

from tests.e2e.person import Person
from tests.e2e.running_server import RunningServer
from tests.e2e.test_files import saved_by

FILES = re.compile(r"/api/attachments/")
MEGABYTES = bytes(range(256)) * 13_000


@pytest.fixture
def two(new_person: callable) -> tuple[Person, Person]:
    """Alice and Bob, signed up and connected, each with the conversation open."""
    alice, bob = new_person("alice").sign_up(), new_person("bob").sign_up()
    bob.accept_invitation(alice.make_invitation())
    bob.send("hello")
    alice.open_conversation("bob")
    alice.sees("hello")
    return alice, bob


class Barrier:
    """Lets so many requests of a kind about files through, and holds the next one until it is opened."""

    def __init__(self, person: Person, method: str, through: int) -> None:
        self.person = person
        self.method = method
        self.through = through
        self.passed: list[str] = []
        self.held: Route | None = None
        person.page.on("request", self._note)
        person.page.route(FILES, self._take)

    def _note(self, request: Request) -> None:
        if request.method == self.method and FILES.search(request.url):
            self.passed.append(request.headers.get("range") or request.url.split("offset=")[-1])

    def _take(self, route: Route) -> None:
        if route.request.method != self.method:
            route.continue_()
        elif self.through > 0:
            self.through -= 1
            route.continue_()
        else:
            self.held = route

    def wait(self) -> None:
        """Wait until one is held."""
        for _ in range(600):
            if self.held:
                return
            self.person.page.wait_for_timeout(100)
        raise AssertionError(self.passed)

    def open(self) -> None:
        """The one that is held never came there; all others do."""
        self.person.page.unroute(FILES)
        # The page may have given it up.
        with contextlib.suppress(Exception):
            self.held.abort("internetdisconnected")


def large_file(folder: Path, name: str = "long.bin") -> Path:
    """Return a file that goes in several parts."""
    path = folder / name
    path.write_bytes(MEGABYTES)
    return path


def test_an_upload_that_was_cut_off_goes_on_where_it_was(two: tuple[Person, Person], tmp_path: Path) -> None:
    alice, bob = two
    barrier = Barrier(alice, "PUT", 2)
    alice.see("attach-files").set_input_files(large_file(tmp_path))
    alice.send("from a train")
    barrier.wait()
    expect(alice.see("file")).to_have_attribute("data-transfer", "moving")
    expect(alice.see("file-about")).to_contain_text("of 3")
    alice.context.set_offline(True)
    barrier.open()
    expect(alice.see("file-about")).to_have_text("Waits for the connection")
    alice.context.set_offline(False)
    bob.sees("from a train")
    expect(alice.message("from a train")).to_have_attribute("data-status", "delivered")
    expect(alice.see("file")).to_have_attribute("data-transfer", "none")
    assert saved_by(bob, "file-save") == ("long.bin", MEGABYTES)
    # Only what was on its way when the connection was lost is sent twice.
    assert len(barrier.passed) > 3
    assert barrier.passed.count("0") == 1
    assert barrier.passed[0] != barrier.passed[1] != barrier.passed[2]


def test_an_upload_is_stopped_and_the_words_beside_it_go_all_the_same(
    two: tuple[Person, Person], tmp_path: Path
) -> None:
    alice, bob = two
    barrier = Barrier(alice, "PUT", 1)
    alice.see("attach-files").set_input_files(large_file(tmp_path))
    alice.see("send").click()
    barrier.wait()
    alice.see("file-stop").click()
    expect(alice.see("file")).to_have_count(0)
    expect(alice.see("message")).to_have_count(1)
    alice.see("attach-files").set_input_files(large_file(tmp_path, "second.bin"))
    alice.send("without the file, then")
    expect(alice.see("file")).to_have_attribute("data-transfer", "moving")
    alice.see("file-stop").focus()
    alice.page.keyboard.press("Enter")
    bob.sees("without the file, then")
    expect(bob.see("file")).to_have_count(0)
    expect(bob.see("message")).to_have_count(2)
    # Whoever stopped it by the keyboard is not thrown out of the page.
    expect(alice.page.locator("body")).not_to_be_focused()
    barrier.open()
    assert [line for line in bob.said if line.startswith("error")] == []


def test_a_download_is_stopped_or_cut_off_and_goes_on_where_it_was(two: tuple[Person, Person], tmp_path: Path) -> None:
    alice, bob = two
    alice.see("attach-files").set_input_files(large_file(tmp_path))
    alice.send("all of it")
    bob.sees("all of it")
    size = bob.see("file-about").inner_text()
    barrier = Barrier(bob, "GET", 1)
    bob.see("file-save").focus()
    bob.page.keyboard.press("Enter")
    barrier.wait()
    expect(bob.see("file-about")).to_contain_text("of 3")
    expect(bob.see("file-save")).to_be_hidden()
    expect(bob.see("file-stop")).to_be_focused()
    bob.page.keyboard.press("Enter")
    expect(bob.see("file-about")).to_have_text(size)
    expect(bob.see("file-save")).to_be_focused()
    barrier.held = None
    bob.page.keyboard.press("Enter")
    barrier.wait()
    bob.context.set_offline(True)
    barrier.open()
    expect(bob.see("file")).to_have_attribute("data-transfer", "failed")
    expect(bob.see("file-save")).to_be_visible()
    bob.context.set_offline(False)
    expect(bob.page.locator("html")).to_have_attribute("data-connection", "online")
    assert saved_by(bob, "file-save") == ("long.bin", MEGABYTES)
    # What had come was not fetched again.
    assert barrier.passed.count(barrier.passed[0]) == 1


def test_what_somebody_keeps_outlives_the_time_of_the_server(
    two: tuple[Person, Person], tmp_path: Path, server: RunningServer
) -> None:
    alice, bob = two
    path = tmp_path / "deed.txt"
    path.write_text("the cabin is yours")
    alice.see("attach-files").set_input_files(path)
    alice.send("keep this")
    bob.sees("keep this")
    expect(alice.see("file-about")).to_contain_text("until")
    bob.see("file-keep").click()
    expect(bob.see("file-about")).to_contain_text("Kept")
    expect(bob.see("file-keep")).to_have_text(re.compile("Don.t keep"))
    forget_files(server)
    # What this browser has opened it still has, until its page ends.
    for person, other in ((alice, "bob"), (bob, "alice")):
        person.page.reload()
        person.open_conversation(other)
    assert saved_by(bob, "file-save") == ("deed.txt", path.read_bytes())
    alice.see("file-save").click()
    expect(alice.see("file-about")).to_have_text("No longer on the server")
    expect(alice.see("file-keep")).to_be_hidden()
    bob.see("file-keep").click()
    expect(bob.see("file-about")).to_have_text("No longer on the server")


def forget_files(server: RunningServer) -> None:
    """Let the time of all files be over that nobody keeps."""
    with contextlib.closing(sqlite3.connect(server.data / "talk2me.sqlite3", timeout=60)) as database, database:
        database.execute("UPDATE messaging_attachment SET expires = 60 WHERE expires IS NOT NULL")
    server.manage("delete_expired_attachments")
