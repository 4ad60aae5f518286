"""A start is held to its budgets: each is judged by its own figure, and a run that breaks one says which and fails."""

import json

import pytest

from benchmarks import parts
from benchmarks.run import Run
from benchmarks.start.budgets import BUDGETS, broken
from benchmarks.start.tables import tell
from benchmarks.start.wire import told

TASKS = {"long_tasks": 0, "longest_task_ms": 50, "own_long_tasks": 0, "longest_own_ms": 50}
LOADED = {"requests": 11, "kb": 250.0, "socket_kb": 0.0}
VISIT = {"landing": LOADED, "more": LOADED, "worker": LOADED}
WORK = {f"{to}_tasks_{unit}": 300.0 for to in ("list", "message") for unit in ("ms", "processor_ms")}
FOUND = {
    "first visit": {"English": VISIT, "German": VISIT},
    "cold start": {"landing_ms": 400.0, "empty_ms": 100.0, "fetch_ms": 20.0},
    "warm start": {"list_ms": 300.0, "message_ms": 450.0, "empty_ms": 50.0, **WORK},
    "in use": {"typing": TASKS, "scrolling": TASKS, "memory": {"heap_end_mb": 6.0, "process_peak_mb": 120.0}},
}


def changed(*path_and_value):
    *path, name, value = path_and_value
    found = json.loads(json.dumps(FOUND))
    place = found
    for step in path:
        place = place[step]
    place[name] = value
    return found


def test_what_is_just_within_its_budgets_breaks_none():
    assert broken(FOUND) == []


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (("first visit", "German", "landing", "kb", 250.1), "first visit in German, compressed: 250.1 kB, at most 250"),
        (("warm start", "message_tasks_processor_ms", 301), "main thread, warm start: 301 ms, at most 300"),
        (("in use", "typing", "longest_task_ms", 51), "longest task while typing: 51 ms, at most 50"),
        (("in use", "scrolling", "longest_task_ms", 51), "longest task while scrolling: 51 ms, at most 50"),
    ],
)
def test_each_budget_is_broken_by_its_own_figure_alone(path, words):
    assert broken(changed(*path)) == [words]


def test_the_table_has_every_budget_and_says_which_is_broken(capsys):
    tell(changed("warm start", "message_tasks_processor_ms", 420.5))
    lines = capsys.readouterr().out.splitlines()
    judged = [line.split()[0] for line in lines[lines.index("budgets") + 1 :]]
    assert sorted(judged) == ["BROKEN", *["kept"] * (len(BUDGETS) - 1)]
    assert any("newest messages 450.0; an empty page 50.0 (9.0 times)" in line for line in lines)


def test_bytes_are_told_in_thousands_with_what_came():
    assert told([1_500, 250_000]) == {"requests": 2, "kb": 251.5}


@pytest.mark.parametrize(("left", "named"), [([], []), (["too much"], ["too much"]), (None, ["start: not measured"])])
def test_the_whole_run_knows_what_the_part_found_and_that_it_found_nothing(monkeypatch, tmp_path, left, named):
    def leave(*_, **__):
        if left is not None:
            (tmp_path / "var/bench/start.json").write_text(json.dumps({"broken": left}))

    (tmp_path / "var/bench").mkdir(parents=True)
    (tmp_path / "var/bench/start.json").write_text(json.dumps({"broken": ["of a run before"]}))
    monkeypatch.setattr("benchmarks.run.ROOT", tmp_path)
    monkeypatch.setattr("subprocess.run", leave)
    run = Run(None, quick=True)
    parts.start(run)
    assert run.broken == named
