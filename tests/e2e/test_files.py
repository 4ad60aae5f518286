"""Files from one browser to another: chosen, shown, looked at, saved."""

import base64
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.person import PHONE, Person

PAINT = """() => {
  const canvas = document.createElement("canvas");
  canvas.width = 2600;
  canvas.height = 1700;
  const pen = canvas.getContext("2d");
  pen.fillStyle = "teal";
  pen.fillRect(0, 0, 2600, 1700);
  pen.fillStyle = "gold";
  pen.fillRect(300, 300, 900, 900);
  return canvas.toDataURL("image/jpeg", 0.9).split(",")[1];
}"""
COPY_PICTURE = """async () => {
  const canvas = new OffscreenCanvas(300, 200);
  canvas.getContext("2d").fillRect(20, 20, 100, 100);
  await navigator.clipboard.write([new ClipboardItem({ "image/png": await canvas.convertToBlob() })]);
}"""
# What a camera writes beside the picture: a segment APP1 behind the first two bytes.
CAMERA = b"Exif\x00\x00 taken at 52.5163 N, 13.3777 E"
SCRIPT = b'<svg xmlns="http://www.w3.org/2000/svg"><script>document.title = "run"</script></svg>'


class Drag:
    """A file that is dragged over the messages from outside of the browser."""

    def __init__(self, person: Person, path: Path) -> None:
        box = person.see("messages").bounding_box()
        assert box is not None
        self.session = person.context.new_cdp_session(person.page)
        self.data = {"items": [], "files": [str(path)], "dragOperationsMask": 1}
        self.place = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}

    def go(self, step: str) -> None:
        """Do one step: `dragEnter`, `dragOver` or `drop`."""
        self.session.send("Input.dispatchDragEvent", {"type": step, **self.place, "data": self.data})


@pytest.fixture
def two(new_person: callable) -> tuple[Person, Person]:
    """Alice and Bob, signed up and connected, each with the conversation open."""
    alice, bob = new_person("alice").sign_up(), new_person("bob").sign_up()
    bob.accept_invitation(alice.make_invitation())
    bob.send("hello")
    alice.open_conversation("bob")
    alice.sees("hello")
    return alice, bob


def photo(person: Person, folder: Path) -> Path:
    """Return a picture as a camera writes it, with a place in it."""
    picture = base64.b64decode(person.page.evaluate(PAINT))
    segment = b"\xff\xe1" + (len(CAMERA) + 2).to_bytes(2, "big") + CAMERA
    path = folder / "photo.jpg"
    path.write_bytes(picture[:2] + segment + picture[2:])
    return path


def saved_by(person: Person, name: str) -> tuple[str, bytes]:
    """Press what saves a file; return its name and what was saved."""
    with person.page.expect_download() as download:
        person.see(name).last.click()
    return download.value.suggested_filename, Path(download.value.path()).read_bytes()


def test_a_picture_arrives_smaller_and_without_the_place_where_it_was_taken(
    two: tuple[Person, Person], tmp_path: Path
) -> None:
    alice, bob = two
    alice.see("attach-files").set_input_files(photo(alice, tmp_path))
    expect(alice.see("chosen-file")).to_have_count(1)
    alice.send("where I am")
    bob.sees("where I am")
    # It was accepted, so it loads by itself.
    expect(bob.see("file-image")).to_have_attribute("data-loaded", "true")
    bob.see("file-picture").click()
    expect(bob.see("viewer-picture")).to_be_visible()
    bob.page.keyboard.press("+")
    expect(bob.see("image-viewer")).to_have_attribute("data-zoomed", "true")
    name, saved = saved_by(bob, "viewer-save")
    assert name == "photo.jpg"
    assert saved.startswith(b"\xff\xd8\xff")
    assert CAMERA not in saved
    width = bob.page.evaluate("document.querySelector('[data-test=viewer-picture]').naturalWidth")
    assert width == 2048
    bob.page.keyboard.press("Escape")
    expect(bob.see("image-viewer")).to_have_count(0)
    assert [line for line in alice.said + bob.said if line.startswith("error")] == []


def test_a_picture_is_pasted_and_a_file_dropped_onto_the_conversation(
    two: tuple[Person, Person], tmp_path: Path
) -> None:
    alice, bob = two
    alice.context.grant_permissions(["clipboard-read", "clipboard-write"])
    alice.page.evaluate(COPY_PICTURE)
    alice.see("composer-input").focus()
    alice.page.keyboard.press("ControlOrMeta+v")
    expect(alice.see("chosen-file")).to_have_count(1)
    expect(alice.see("chosen-file").locator("img")).to_be_visible()
    path = tmp_path / "timetable.pdf"
    path.write_bytes(b"%PDF-1.7 boats")
    drag = Drag(alice, path)
    drag.go("dragEnter")
    drag.go("dragOver")
    expect(alice.see("drop-hint")).to_be_visible()
    # It leaves the window, and comes again.
    alice.see("messages").dispatch_event("dragleave")
    expect(alice.see("drop-hint")).to_have_count(0)
    drag.go("dragOver")
    expect(alice.see("drop-hint")).to_be_visible()
    drag.go("drop")
    expect(alice.see("drop-hint")).to_have_count(0)
    expect(alice.see("chosen-file")).to_have_count(2)
    expect(alice.see("composer-input")).to_be_focused()
    # A third is left out again, by the keyboard, which is at the one before it afterwards.
    alice.see("attach-files").set_input_files(path)
    expect(alice.see("chosen-file")).to_have_count(3)
    alice.see("chosen-remove").last.focus()
    alice.page.keyboard.press("Enter")
    expect(alice.see("chosen-remove").last).to_be_focused()
    expect(alice.see("chosen-file")).to_have_count(2)
    alice.send("both")
    bob.sees("both")
    expect(bob.see("file-image")).to_have_attribute("data-loaded", "true")
    assert saved_by(bob, "file-save") == ("timetable.pdf", path.read_bytes())
    assert [line for line in alice.said + bob.said if line.startswith("error")] == []


def test_pictures_are_looked_at_one_after_the_other_by_keys_and_on_a_phone(
    new_person: callable, tmp_path: Path
) -> None:
    alice, bob = new_person("alice").sign_up(), new_person("bob", **PHONE).sign_up()
    bob.accept_invitation(alice.make_invitation())
    bob.send("hello")
    alice.open_conversation("bob")
    alice.sees("hello")
    picture = photo(alice, tmp_path).read_bytes()
    paths = [tmp_path / f"{name}.jpg" for name in ("one", "two", "three")]
    for path in paths:
        path.write_bytes(picture)
    alice.see("attach-files").set_input_files(paths)
    alice.send("three of them")
    tiles = alice.see("file-picture")
    expect(tiles).to_have_count(3)
    expect(alice.message("three of them")).to_have_attribute("data-status", "delivered")
    tiles.nth(1).focus()
    alice.page.keyboard.press("Enter")
    expect(alice.see("viewer-number")).to_have_text("2 of 3")
    alice.page.keyboard.press("ArrowRight")
    expect(alice.see("viewer-number")).to_have_text("3 of 3")
    expect(alice.see("viewer-after")).to_be_hidden()
    for number in ("2 of 3", "1 of 3"):
        alice.page.keyboard.press("ArrowLeft")
        expect(alice.see("viewer-number")).to_have_text(number)
    alice.page.keyboard.press("Escape")
    expect(alice.see("image-viewer")).to_have_count(0)
    expect(tiles.nth(1)).to_be_focused()

    bob.sees("three of them")
    bob.see("file-picture").first.tap()
    expect(bob.see("viewer-number")).to_have_text("1 of 3")
    bob.see("viewer-after").tap()
    expect(bob.see("viewer-number")).to_have_text("2 of 3")
    # What is kept here is the same picture all the same: it can be saved, and looked on from.
    bob.see("viewer-keep").tap()
    expect(bob.see("viewer-keep")).to_have_text(re.compile("Don.t keep"))
    assert saved_by(bob, "viewer-save")[0] == "two.jpg"
    bob.see("viewer-after").tap()
    expect(bob.see("viewer-number")).to_have_text("3 of 3")
    expect(bob.see("viewer-keep")).to_have_text("Keep")
    bob.page.wait_for_function("document.documentElement.scrollWidth <= 390")
    bob.see("viewer-close").tap()
    expect(bob.see("image-viewer")).to_have_count(0)


def test_what_is_spoken_is_heard_on_the_other_side(two: tuple[Person, Person]) -> None:
    alice, bob = two
    alice.context.grant_permissions(["microphone"])
    alice.see("record").click()
    expect(alice.see("record-bar")).to_be_visible()
    expect(alice.see("composer-input")).to_be_hidden()
    alice.page.keyboard.press("Escape")
    expect(alice.see("record-bar")).to_be_hidden()
    expect(alice.see("record")).to_be_focused()
    expect(alice.see("voice")).to_have_count(0)
    alice.page.keyboard.press("Enter")
    expect(alice.see("record-time")).to_have_text("0:02")
    expect(alice.see("record-send")).to_be_focused()
    alice.page.keyboard.press("Enter")
    expect(alice.see("record-bar")).to_be_hidden()
    expect(alice.see("record")).to_be_focused()
    voice = bob.see("voice")
    expect(voice).to_have_attribute("data-playing", "false")
    expect(voice.locator("[data-test=file-about]")).to_have_text(re.compile("0:0[2-9]"))
    bob.see("voice-play").click()
    expect(voice).to_have_attribute("data-playing", "true")
    # It is over by itself.
    expect(voice).to_have_attribute("data-playing", "false")
    assert [line for line in alice.said + bob.said if line.startswith("error")] == []


def test_the_original_is_sent_where_somebody_wants_that(two: tuple[Person, Person], tmp_path: Path) -> None:
    alice, bob = two
    path = photo(alice, tmp_path)
    alice.see("attach-files").set_input_files(path)
    alice.see("attach-original").check()
    alice.send("as it is")
    bob.sees("as it is")
    bob.see("file-picture").click()
    expect(bob.see("viewer-picture")).to_be_visible()
    assert saved_by(bob, "viewer-save") == ("photo.jpg", path.read_bytes())


def test_any_other_file_is_saved_as_it_was_and_never_shown_as_what_it_says_it_is(
    two: tuple[Person, Person], tmp_path: Path
) -> None:
    alice, bob = two
    path = tmp_path / "drawing.png.svg"
    path.write_bytes(SCRIPT)
    disguised = tmp_path / "really a picture.png"
    disguised.write_bytes(SCRIPT)
    page = tmp_path / "page.html"
    page.write_bytes(SCRIPT)
    alice.see("attach-files").set_input_files([path, page, disguised])
    alice.send("three files")
    bob.sees("three files")
    expect(bob.see("file")).to_have_count(3)
    expect(bob.see("file-image")).to_have_count(0)
    expect(bob.see("file-name").first).to_have_text("drawing.png.svg")
    expect(bob.see("file-risk").locator("visible=true")).to_have_count(2)
    address = bob.page.url
    assert saved_by(bob, "file-save") == ("really a picture.png", SCRIPT)
    with bob.page.expect_download() as download:
        bob.see("file-save").nth(1).click()
    assert download.value.suggested_filename == "page.html"
    # To the browser these are bytes, whatever their name: no page opens, here or in another tab.
    assert (bob.page.url, len(bob.context.pages)) == (address, 1)
    assert bob.page.title() != "run"
    assert [line for line in alice.said + bob.said if line.startswith("error")] == []


def test_what_was_chosen_survives_being_offline(two: tuple[Person, Person], tmp_path: Path) -> None:
    alice, bob = two
    path = tmp_path / "long.bin"
    path.write_bytes(bytes(range(256)) * 12_000)
    alice.context.set_offline(True)
    alice.see("attach-files").set_input_files(path)
    alice.send("from a train")
    expect(alice.message("from a train")).to_have_attribute("data-status", "waiting")
    alice.context.set_offline(False)
    alice.page.reload()
    alice.open_conversation("bob")
    bob.sees("from a train")
    assert saved_by(bob, "file-save") == ("long.bin", path.read_bytes())
