"""The ledger itself: it has to see what is wrong."""

import hashlib

import pytest

from tests.faults.database import Stored
from tests.faults.ledger import Ledger, Read

MAILBOX = bytes(16)
IDS = [bytes([number]) * 16 for number in range(4)]


def hashed(number: int) -> bytes:
    return hashlib.sha256(bytes([number])).digest()


def one(number: int, sequence: int) -> Read:
    return Read(sequence, IDS[number], "application", hashed(number))


@pytest.fixture
def ledger() -> Ledger:
    """Three envelopes accepted, as 1, 2 and 3."""
    ledger = Ledger()
    for number in range(3):
        ledger.offer("writer", MAILBOX, IDS[number], "application", bytes([number]))
        ledger.accept(MAILBOX, IDS[number], number + 1, duplicate=False)
    return ledger


def judge(ledger: Ledger, read: list[Read], rows: list[int] | None = None, head: int = 3) -> list[str]:
    for envelope in read:
        ledger.take("reader", MAILBOX, envelope)
    numbers = range(3) if rows is None else rows
    stored = Stored(head, 0, {number + 1: (IDS[number], hashed(number)) for number in numbers})
    return ledger.judge({MAILBOX: ["reader"]}, {MAILBOX: stored})


def test_all_read_once_and_in_order_is_right(ledger):
    assert judge(ledger, [one(0, 1), one(1, 2), one(2, 3)]) == []


@pytest.mark.parametrize(
    "read",
    [
        [one(0, 1), one(1, 2)],
        [one(0, 1), one(2, 3)],
        [one(0, 1), one(1, 2), one(1, 2), one(2, 3)],
        [one(1, 2), one(0, 1), one(2, 3)],
        [one(0, 1), one(2, 2), one(1, 3)],
        [one(0, 1), one(1, 2), one(2, 3), one(3, 4)],
        [one(0, 1), one(1, 2), Read(3, IDS[2], "application", hashed(1))],
    ],
)
def test_anything_else_is_wrong(ledger, read):
    assert judge(ledger, read)


def test_what_was_accepted_and_is_not_stored_is_wrong(ledger):
    assert judge(ledger, [one(0, 1), one(1, 2), one(2, 3)], rows=[0, 1])


def test_what_is_stored_and_was_not_accepted_is_wrong(ledger):
    assert judge(ledger, [one(0, 1), one(1, 2), one(2, 3)], rows=[0, 1, 2, 3], head=4)


def test_one_that_was_never_answered_is_wrong(ledger):
    ledger.offer("writer", MAILBOX, IDS[3], "application", b"3")
    assert judge(ledger, [one(0, 1), one(1, 2), one(2, 3)])


def test_one_accepted_twice_is_right_only_with_the_same_sequence(ledger):
    ledger.accept(MAILBOX, IDS[0], 1, duplicate=True)
    assert not ledger.wrong
    ledger.accept(MAILBOX, IDS[0], 4, duplicate=False)
    assert ledger.wrong


def test_two_with_one_sequence_are_wrong(ledger):
    ledger.offer("writer", MAILBOX, IDS[3], "application", b"3")
    ledger.accept(MAILBOX, IDS[3], 3, duplicate=False)
    assert ledger.wrong


def test_one_that_comes_again_with_other_bytes_is_wrong(ledger):
    ledger.take("reader", MAILBOX, one(0, 1))
    ledger.see_again("reader", MAILBOX, one(0, 1))
    assert not ledger.wrong
    ledger.see_again("reader", MAILBOX, one(1, 1))
    assert ledger.wrong


def test_one_that_was_refused_must_not_be_accepted(ledger):
    ledger.refuse(MAILBOX, IDS[0], "slot_stale")
    assert ledger.wrong
