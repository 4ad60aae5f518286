"""Which cosigned checkpoint is shown: what most witnesses have lately signed, of these the newest."""

from hypothesis import given
from hypothesis import strategies as st

from keys.key_log.checkpoint import Checkpoint
from keys.key_log.cosignature import cosign, log_cosigner
from keys.key_log.cosigned import LATELY_SECONDS, best, signed_at, signed_lately, useful, with_lines
from keys.key_log.note import Note, Signature

NOW = 1_780_000_000
COSIGNERS = [log_cosigner(f"https://{n}.example", "tests only") for n in range(3)]
WITNESSES = [one.witness for one in COSIGNERS]
LOGS_OWN = Signature("log.example", b"1234", bytes(64))


def made(size, ages):
    """A checkpoint that the witness `n` has signed `ages[n]` seconds ago."""
    text = Checkpoint("log.example", size, bytes(32)).text
    return Note(text, (LOGS_OWN, *(cosign(text, NOW - age, COSIGNERS[n]) for n, age in ages.items())))


def test_the_newest_is_shown_when_all_have_signed_it():
    notes = [made(9, {0: 5, 1: 5}), made(8, {0: 60, 1: 60})]
    assert best(notes, WITNESSES, NOW) == notes[0]
    assert useful(notes, WITNESSES, NOW) == notes[:1]


def test_an_older_one_is_shown_while_more_have_lately_signed_it():
    notes = [made(9, {0: 5}), made(8, {0: 60, 1: 60, 2: 60}), made(7, {0: 90, 1: 90})]
    assert best(notes, WITNESSES, NOW) == notes[1]
    assert useful(notes, WITNESSES, NOW) == notes[:2]
    assert best(notes, WITNESSES, NOW + LATELY_SECONDS - 60) == notes[0]


def test_when_all_of_it_is_old_the_newest_is_shown_with_what_it_has():
    notes = [made(9, {0: 2 * LATELY_SECONDS}), made(8, {0: 3 * LATELY_SECONDS, 1: 3 * LATELY_SECONDS})]
    assert best(notes, WITNESSES, NOW) == notes[0]


def test_nothing_is_shown_that_no_witness_has_signed():
    assert best([], WITNESSES, NOW) is None
    assert best([made(9, {})], WITNESSES, NOW) is None
    assert best([made(9, {0: 5})], WITNESSES[1:], NOW) is None
    assert useful([], WITNESSES, NOW) == []


def test_a_new_line_takes_the_place_of_an_old_one_of_its_key():
    found = made(9, {0: 100, 1: 100})
    again = with_lines(found, [cosign(found.text, NOW, COSIGNERS[0])])
    assert [signed_at(again, one) for one in WITNESSES] == [NOW, NOW - 100, 0]
    assert len(again.signatures) == len(found.signatures) == 3
    assert again.signatures[0] == LOGS_OWN


ages = st.dictionaries(st.integers(0, 2), st.integers(0, 2 * LATELY_SECONDS))


@given(st.lists(ages, min_size=1, max_size=5))
def test_what_is_kept_is_as_good_as_all(lists):
    notes = [made(9 - at, one) for at, one in enumerate(lists)]
    kept = useful(notes, WITNESSES, NOW)
    assert len(kept) <= len(WITNESSES) + 1
    assert kept[0] == notes[0]
    most = max(signed_lately(found, WITNESSES, NOW) for found in notes)
    assert max(signed_lately(found, WITNESSES, NOW) for found in kept) == most
