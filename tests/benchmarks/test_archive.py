"""What is said of a long history is said of the longest one, and of what a person waits for."""

import pytest

from benchmarks.goals import GOALS

FIRST_SCREEN = next(goal for goal in GOALS if goal.text.startswith("new browser: first screen"))
LONGEST_TASK = next(goal for goal in GOALS if goal.text == "new browser: longest task")


def results(usable_ms, restored_ms):
    longest = {"restore": {"usable_ms": usable_ms, "restored_ms": restored_ms, "longest_task_ms": 40}}
    return {"archive": {"20000": {"restore": {"longest_task_ms": 400}}, "100000": longest}}


@pytest.mark.parametrize(
    ("usable_ms", "restored_ms", "word"),
    [(1_900, 10_000, "goal"), (2_100, 10_000, "missed"), (4_900, 100_000, "goal"), (5_100, 100_000, "missed")],
)
def test_the_first_screen_has_two_seconds_or_a_twentieth_of_the_restore(usable_ms, restored_ms, word):
    value = FIRST_SCREEN.value(results(usable_ms, restored_ms))
    assert FIRST_SCREEN.judge(value) == word


def test_the_longest_history_is_the_one_that_counts():
    assert LONGEST_TASK.value(results(1_000, 10_000)) == 40
    assert LONGEST_TASK.value({}) is None
