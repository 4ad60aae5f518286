"""The table of frames: the same in the code and in docs/wire_format.md 3."""

import re
from pathlib import Path

import msgspec
import pytest

from messaging import frames

PAGE = (Path(__file__).parents[3] / "docs/wire_format.md").read_text().split("## 3. The socket")[1]
FROM_BROWSER, FROM_SERVER = PAGE.split("### From the browser")[1].split("### Rules")[0].split("### From the server")


def documented(section: str) -> dict[str, list[str]]:
    """Type to names of fields, as a table of the page lists them."""
    found = {}
    for line in section.splitlines():
        row = re.match(r"\| ((?:`[a-z_.]+`(?: / )?)+) \| (.*?) \|", line.replace("\\|", "/"))
        if row:
            # What follows a semicolon explains; braces and parentheses hold fields of fields and remarks.
            fields = re.sub(r"\([^)]*\)|\{[^}]*\}", "", row[2].split(";")[0])
            for type_ in re.findall(r"`([a-z_.]+)`", row[1]):
                found[type_] = re.findall(r"`([a-z_]+)[:`]", fields)
    return found


def declared(kinds: tuple[type[msgspec.Struct], ...]) -> dict[str, list[str]]:
    return {kind.__struct_config__.tag: list(kind.__struct_fields__) for kind in kinds}


def test_every_frame_from_the_browser_stands_on_the_page_with_its_fields():
    assert declared(frames.REQUESTS) == documented(FROM_BROWSER)


def test_every_frame_from_the_server_stands_on_the_page_with_its_fields():
    assert declared(frames.ANSWERS) == {
        type_: ["ref", "code", "slot", "retry_after"] if type_ == "error" else names
        for type_, names in documented(FROM_SERVER).items()
    }


def test_an_envelope_has_the_fields_of_the_page():
    fields = re.search(r"`envelope` is `\{ (.*?) \}`", PAGE)[1].split(", ")
    assert list(frames.Envelope.__struct_fields__) == fields


def test_the_entry_of_a_mailbox_has_the_fields_of_the_page():
    fields = re.search(r"`mailboxes: \[\{ (.*?) \}\]`", PAGE)[1].split(", ")
    assert list(frames.MailboxEntry.__struct_fields__) == fields


@pytest.mark.parametrize("kind", frames.REQUESTS)
def test_no_frame_from_the_browser_takes_a_field_that_is_not_declared(kind):
    assert kind.__struct_config__.forbid_unknown_fields
    assert kind.__struct_config__.tag_field == "type"


def test_an_error_leaves_out_what_it_does_not_know():
    assert msgspec.msgpack.decode(frames.encode(frames.Error(ref=1, code="not_found"))) == {
        "type": "error",
        "ref": 1,
        "code": "not_found",
    }
