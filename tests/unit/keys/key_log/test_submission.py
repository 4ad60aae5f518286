"""What a log sends to a witness, as C2SP tlog-witness writes it."""

import pytest

from keys.key_log import note
from keys.key_log.checkpoint import Checkpoint
from keys.key_log.errors import KeyLogInvalid
from keys.key_log.submission import Submission, read_any_checkpoint, read_size, read_submission, write_submission

HASHES = [bytes([n]) * 32 for n in range(64)]
ROOT = note.to_base64(HASHES[7])
SIGNED = "log.example\n7\n" + ROOT + "\n\n— log.example AAAAAAAA\n"

HASH_LINE = note.to_base64(HASHES[1]) + "\n"
IN_FULL = """\
old 3
AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=
AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=

log.example
7
BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=

— log.example AAAAAAAA
"""


def body(head="old 3\n" + HASH_LINE):
    return (head + "\n" + SIGNED).encode()


def test_it_is_written_as_the_specification_says():
    submission = Submission(3, HASHES[1:3], SIGNED)
    assert write_submission(submission).decode() == IN_FULL
    assert read_submission(IN_FULL.encode()) == submission


@pytest.mark.parametrize("hashes", [0, 1, 63])
def test_what_is_written_is_read_again(hashes):
    submission = Submission(5, HASHES[:hashes], SIGNED)
    assert read_submission(write_submission(submission)) == submission


@pytest.mark.parametrize(
    "wrong",
    [
        b"",
        b"old 3",
        b"old 3\n",
        body(head="old 03\n"),
        body(head="old -1\n"),
        body(head="old +3\n"),
        body(head="old \n"),
        body(head="old  3\n"),
        body(head="old 3 \n"),
        body(head="old 3\r\n"),
        body(head="old ٣\n"),
        body(head=f"old {2**53}\n"),
        body(head="new 3\n"),
        body(head="3\n"),
        body(head="old 3\n" + note.to_base64(HASHES[1])[:-1] + "\n"),
        body(head="old 3\n" + note.to_base64(HASHES[1][:-1]) + "\n"),
        body(head="old 3\n" + note.to_base64(HASHES[1] * 2) + "\n"),
        body(head="old 3\n" + note.to_base64(HASHES[1]) + " \n"),
        write_submission(Submission(3, HASHES, SIGNED)),
        body() + b"\xff",
    ],
)
def test_what_is_no_submission_is_refused(wrong):
    with pytest.raises(KeyLogInvalid):
        read_submission(wrong)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (f"log.example\n7\n{ROOT}\n", Checkpoint("log.example", 7, HASHES[7])),
        (f"a log\n0\n{ROOT}\n", Checkpoint("a log", 0, HASHES[7])),
        (f"log.example\n7\n{ROOT}\nits own\nlines\n", Checkpoint("log.example", 7, HASHES[7])),
    ],
)
def test_a_checkpoint_of_any_log_is_read(text, read):
    assert read_any_checkpoint(text) == read


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "log.example\n7\n",
        f"log.example\n7\n{ROOT}",
        f"\n7\n{ROOT}\n",
        f"log.example\n07\n{ROOT}\n",
        f"log.example\n\n{ROOT}\n",
        f"log.example\n7\n{ROOT[:-4]}\n",
        f"log.example\n7\n{ROOT}\n\nmore\n",
        f"log.example\n{2**53}\n{ROOT}\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(text):
    with pytest.raises(KeyLogInvalid):
        read_any_checkpoint(text)


def test_a_size_has_one_form():
    assert [read_size(text) for text in ("0", "1", str(2**53 - 1))] == [0, 1, 2**53 - 1]
    for text in ("", "00", "1\n", " 1", "1.0", "1e3", str(2**53)):
        with pytest.raises(KeyLogInvalid):
            read_size(text)
