"""Runs pytest; what fails is tried once more, alone.

    python scripts/run_pytest.py NAME [what pytest takes]

Many of these tests have real servers, databases and browsers on however few cores there are. What passes only the
second time is named as doubtful at the end, and wants to be mended. NAME keeps apart what runs at the same time.
"""

import json
import subprocess
import sys
from pathlib import Path

TESTS_FAILED = 1
# So many of those that take longest are named.
SLOWEST = 20


def run(name: str, arguments: list[str]) -> int:
    """Return pytest's exit code."""
    command = [sys.executable, "-m", "pytest", "-o", f"cache_dir={_cache(name)}", *arguments]
    return subprocess.run(command, check=False).returncode  # noqa: S603 - our own tests


def failed_last(name: str) -> list[str]:
    """Return the ids of the tests that failed when `name` ran last."""
    kept = _cache(name) / "v/cache/lastfailed"
    return sorted(json.loads(kept.read_text())) if kept.exists() else []


def main() -> int:
    """Return 0 when each test has passed, if only at the second try."""
    name, *arguments = sys.argv[1:]
    code = run(name, ["--cache-clear", f"--durations={SLOWEST}", *arguments])
    if code != TESTS_FAILED:
        return code
    doubtful = failed_last(name)
    code = run(name, ["--last-failed", *arguments])
    still_failing = set(failed_last(name))
    for test in doubtful:
        if test not in still_failing:
            sys.stdout.write(f"DOUBTFUL, passed only when tried again: {test}\n")
    return code


def _cache(name: str) -> Path:
    return Path(".pytest_cache") / name


if __name__ == "__main__":
    sys.exit(main())
