"""`make attack`: runs the tests that SECURITY.md names, and prints its table with what came out.

Ends with 1 if a named test failed, is missing or was left out. Needs what `make test` installs, and node in PATH.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from pathlib import Path

from tests.malicious.attack_table import ROOT, Row, Test, read_table

REPORTER = ROOT / "tests/js/support/report_lines.js"
# These run apart from those that have an event loop of their own.
IN_BROWSERS = ("tests/e2e/", "tests/malicious/")
WORST_FIRST = ("failed", "missing", "skipped", "passed")

# What came out, by path and name.
Outcomes = dict[tuple[str, str], str]


def main() -> int:
    """Run what is asked for; return the exit status."""
    words = argparse.ArgumentParser(description="Try every attack that SECURITY.md lists, and print what came out.")
    words.add_argument("--row", type=int, action="append", help="only this row; may be given again")
    wanted = words.parse_args().row
    rows = [row for row in read_table() if not wanted or row.number in wanted]
    begin = time.monotonic()
    tests = {test.id: test for row in rows for test in row.tests if test.exists()}
    outcomes = run_node(list(tests.values())) | run_python(list(tests.values()))
    for row in rows:
        print(line_of(row, outcomes))  # noqa: T201 - this is its purpose
    bad = {test: of(test, outcomes) for row in rows for test in row.tests if of(test, outcomes) != "passed"}
    for test, outcome in bad.items():
        print(f"\n{outcome}: {test.id}  {test.path}\n  {test.name}")  # noqa: T201 - likewise
    numbers = [row.today for row in rows]
    counted = ", ".join(f"{numbers.count(word)} {word}" for word in ("met", "part", "not met", "not there"))
    minutes, seconds = divmod(round(time.monotonic() - begin), 60)
    ran = len({test for row in rows for test in row.tests})
    summary = f"{len(rows)} attacks: {counted}. {ran} tests, {len(bad)} not passed. {minutes} min {seconds} s."
    print(f"\n{summary}")  # noqa: T201 - likewise
    return 1 if bad else 0


def of(test: Test, outcomes: Outcomes) -> str:
    """Return what came out of a test."""
    return outcomes.get((test.path, test.name), "missing")


def line_of(row: Row, outcomes: Outcomes) -> str:
    """Return a row as it is printed."""
    all_of_it = [of(test, outcomes) for test in row.tests]
    counts = [f"{all_of_it.count(outcome)} {outcome}" for outcome in WORST_FIRST if outcome in all_of_it]
    return f"{row.number:>3}  {row.attack:<58} {row.today:<10} {', '.join(counts) or '-'}"


def run_python(tests: list[Test]) -> Outcomes:
    """Run those of pytest: the ones in browsers, then the others. Of several parameters the worst outcome counts."""
    outcomes: Outcomes = {}
    named = [test for test in tests if test.is_python]
    browsers = [test for test in named if test.path.startswith(IN_BROWSERS)]
    for group in (browsers, [test for test in named if test not in browsers]):
        if not group:
            continue
        with tempfile.NamedTemporaryFile(suffix=".xml") as report:
            ids = sorted({f"{test.path}::{test.name}" for test in group})
            command = [sys.executable, "-m", "pytest", "-q", f"--junitxml={report.name}", *ids]
            subprocess.run(command, cwd=ROOT, check=False, stdout=sys.stderr)
            # Nothing is written when pytest can't begin: then all of them are missing.
            cases = ET.parse(report.name).iter("testcase") if Path(report.name).stat().st_size else ()  # noqa: S314 - ours
            for case in cases:
                path = case.get("classname", "").replace(".", "/") + ".py"
                note(outcomes, (path, case.get("name", "").split("[")[0]), outcome_of(case))
    return outcomes


def outcome_of(case: ET.Element) -> str:
    """Return what came out of one test, as pytest wrote it down."""
    if case.find("failure") is not None or case.find("error") is not None:
        return "failed"
    return "skipped" if case.find("skipped") is not None else "passed"


def run_node(tests: list[Test]) -> Outcomes:
    """Run the files of those of Node, whole: tests of one file build on one another."""
    files = sorted({test.path for test in tests if not test.is_python})
    if not files:
        return {}
    options = [f"--test-reporter={REPORTER}", "--test-reporter-destination=stdout", "--test-concurrency=2"]
    command = ["node", "--experimental-websocket", "--test", *options, *files]
    done = subprocess.run(command, cwd=ROOT, check=False, stdout=subprocess.PIPE, text=True)
    outcomes: Outcomes = {}
    for line in done.stdout.splitlines():
        told = json.loads(line)
        path = str(Path(told["file"]).relative_to(ROOT)) if told["file"] else ""
        note(outcomes, (path, told["name"]), told["outcome"])
    return outcomes


def note(outcomes: Outcomes, key: tuple[str, str], outcome: str) -> None:
    """Keep the worse of what came out before and now."""
    outcomes[key] = min(outcomes.get(key, outcome), outcome, key=WORST_FIRST.index)


if __name__ == "__main__":
    sys.exit(main())
