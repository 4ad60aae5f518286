"""The table of attacks in SECURITY.md names tests that exist, and leaves out no attack."""

import pytest

from tests.malicious.attack_table import HEADING, Test, read_table

ROWS = read_table()
# Those that the project can meet by now: each is tried, unless it says that it is not met.
TRIED = {*range(1, 15), 16, *range(18, 31), *range(34, 39)}


def test_every_attack_has_its_row() -> None:
    assert [row.number for row in ROWS] == list(range(1, 39))


def test_whatever_is_met_names_a_test() -> None:
    named = {row.number for row in ROWS if row.tests}
    claimed = {row.number for row in ROWS if row.today == "met" or (row.today == "part" and row.number in TRIED)}
    assert claimed - named == set()
    assert {row.number for row in ROWS if row.number in TRIED and row.today == "not there"} == set()


def test_every_test_that_is_named_exists() -> None:
    assert [test for row in ROWS for test in row.tests if not test.exists()] == []


def test_a_test_that_does_not_exist_would_be_found() -> None:
    named = Test("1a", "tests/architecture/test_attack_table.py", "test_every_attack_has_its_row")
    assert named.exists()
    assert not Test("1a", named.path, "test_every_attack_has_a_row").exists()
    assert not Test("1a", "tests/architecture/none.py", named.name).exists()
    sentence = Test("1b", "tests/js/session/attacks.test.js", "makes no fault of our own")
    assert sentence.exists()
    assert not Test("1b", sentence.path, "makes no fault").exists()


@pytest.mark.parametrize("line", ["| 1 | x | perhaps |  | |", "- 1a tests/x.py::test_y", "| 1 | x | met |  | 1z |"])
def test_a_line_of_another_form_is_refused(line: str) -> None:
    with pytest.raises((ValueError, KeyError)):
        read_table(f"{HEADING}\n\n| # | attack | today | in short | tests |\n{line}\n")
