"""What browsers commit to (docs/protocol.md 8) is what the server finds proven, and can show."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from messaging.franking import Shown, franking_tag, proves
from messaging.shown_content import read_shown

VECTORS = json.loads((Path(__file__).parents[2] / "vectors/formats.json").read_text())
CASES = [case for case in VECTORS if case["format"] == "content"]


def as_shown(case) -> Shown:
    """What a browser would show of a case, had its envelope been accepted here."""
    given, expected = case["given"], case["expected"]
    plain, mailbox = bytes.fromhex(expected["plain"]["hex"]), bytes.fromhex(given["mailbox"]["hex"])
    inner = plain[4 : 4 + int.from_bytes(plain[:4], "big")]
    commitment, account, minute = bytes.fromhex(expected["commitment"]["hex"]), bytes(range(16)), 1_800_000_000
    tag = franking_tag(commitment, mailbox, 9, account, minute)
    return Shown(inner[32:], inner[:32], mailbox, 9, account, minute, commitment, tag)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_each_content_of_the_vectors_is_proven_and_shown(case):
    shown = as_shown(case)
    assert proves(shown)
    content = read_shown(shown.content)
    assert content is not None
    assert content.type == case["given"]["content"]["type"]
    assert content.text == case["given"]["content"]["body"].get("text", "")


@pytest.mark.parametrize(
    "changed",
    [
        {"content": b"\x80"}, {"opening": bytes(32)}, {"mailbox": bytes(16)}, {"sequence": 10}, {"account": bytes(16)},
        {"minute": 1_800_000_060}, {"commitment": bytes(32)}, {"franking": bytes(32)},
    ],
    ids=lambda changed: next(iter(changed)),
)  # fmt: skip
def test_with_any_part_changed_nothing_is_proven(changed):
    assert not proves(replace(as_shown(CASES[0]), **changed))


def test_bytes_moved_from_the_place_into_the_content_prove_nothing():
    shown = as_shown(CASES[0])
    moved = replace(shown, mailbox=shown.mailbox[:15], content=shown.mailbox[15:] + shown.content)
    assert not proves(moved)
