"""What the talk2me command writes."""

import json
import re

import pytest

from client.arguments import parse
from client.errors import Failed
from client.messages import to_plain, to_time
from client.show import Output, visible

ENTRY = {"id": "c", "kind": "direct", "state": "active", "peer": {"username": "alice", "verified": True}}
MESSAGE = {
    "id": "m", "type": "text", "author": {"username": "alice", "account": "a"}, "own": False, "time": 1_700_000_000_000,
    "status": "stored", "order": 5,
}  # fmt: skip


def test_nothing_that_somebody_writes_steers_a_terminal_or_looks_like_another_line(
    capsys: pytest.CaptureFixture,
) -> None:
    text = "a\x1b[2Jb\r\u202ec\u2028d\x07\n2023-01-01T00:00:00.000Z bob: I am bob\tgrüße 👨‍👩‍👧"
    Output(as_json=False).message(to_plain(ENTRY, MESSAGE | {"text": text}))
    first, second, *rest = capsys.readouterr().out.split("\n")
    assert first == "2023-11-14T22:13:20.000Z alice: a\ufffd[2Jb\ufffd\ufffdc\ufffdd\ufffd"
    assert second == "    2023-01-01T00:00:00.000Z bob: I am bob\tgrüße 👨‍👩‍👧"
    assert rest == [""]


def test_names_and_file_names_neither(capsys: pytest.CaptureFixture) -> None:
    files = [{"name": "x\x1b[31m\n.pdf", "media": "m", "size": 1, "state": "there", "id": "f"}]
    author = {"username": "al\nice", "account": "a"}
    Output(as_json=False).message(to_plain(ENTRY, MESSAGE | {"text": "", "files": files, "author": author}))
    assert re.search("[\x1b]|\n.", capsys.readouterr().out) is None


def test_as_json_everything_is_on_one_line_and_exact(capsys: pytest.CaptureFixture) -> None:
    text = "a\x1b\nb\u2028\x9b\u202e"
    Output(as_json=True).message(to_plain(ENTRY, MESSAGE | {"text": text}))
    written = capsys.readouterr().out
    assert written.isascii()
    assert written.count("\n") == 1
    assert json.loads(written)["text"] == text
    assert json.loads(written)["verified"] is True


def test_times_are_utc_to_the_millisecond() -> None:
    assert to_time(1_700_000_000_123) == "2023-11-14T22:13:20.123Z"


def test_visible_keeps_what_joins_letters_and_emoji() -> None:
    assert visible("می‌خواهم 👩‍💻") == "می‌خواهم 👩‍💻"


def test_what_is_not_safe_and_what_may_work_later_have_exit_codes_of_their_own() -> None:
    codes = {"identity_changed": 3, "digits_differ": 3, "offline": 75, "claim_refused": 1}
    assert {code: Failed(code).exit_code for code in codes} == codes
    assert Failed("timed_out", kept=True).exit_code == 75
    assert "don't send it again" in Failed("timed_out", kept=True).words


def test_a_text_may_stand_behind_options_and_nothing_else_is_guessed() -> None:
    words = parse(["send", "alice", "--until", "read", "a text", "--json"])
    assert (words.action, words.who, words.text, words.until, words.json) == ("send", "alice", "a text", "read", True)
    for wrong in (["send", "alice", "one", "two"], ["send", "alice", "--unknown"], ["list", "what"]):
        with pytest.raises(SystemExit):
            parse(wrong)
