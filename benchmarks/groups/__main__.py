"""`python -m benchmarks.groups`: what a change of a group costs, and a message in it, the larger it gets."""

import argparse
import json
import os
import subprocess
import sys
from typing import Any

from benchmarks.groups import tables
from benchmarks.servers.running import ROOT, inherited, run_module

TARGET = ROOT / "var/bench/groups.json"
SUITES = ("83", "1")
TREES = ("fresh", "used")
# In so large a group only every fourth member has committed, and rounds are fewer: to grow it takes minutes by itself.
LARGE = 100
EVERY = 4

Figures = dict[str, Any]


def measure(suite: str, tree: str, members: int, rounds: int) -> Figures:
    """Return the figures of one group, made and measured in a process of its own."""
    script = str(ROOT / "benchmarks/groups/measure.js")
    command = ["node", "--no-warnings", script, suite, tree, str(members), str(rounds), str(committed(members))]
    done = subprocess.run(command, env=os.environ, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own words
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def committed(members: int) -> int:
    """Return of how many members one has committed in a used tree."""
    return EVERY if members >= LARGE else 1


def main() -> None:
    """Measure, print tables, and keep the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.groups", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="no group of 200, and fewer rounds")
    parser.add_argument("--members", type=int, nargs="+", help="other numbers of them, two at least")
    options = parser.parse_args()
    node = run_module("scripts.node_path", [], inherited(PYTHONPATH=str(ROOT / "scripts"))).strip()
    os.environ["PATH"] = f"{node}{os.pathsep}{os.environ['PATH']}"
    found: Figures = {suite: {tree: {} for tree in TREES} for suite in SUITES}
    for members in options.members or ([2, 10, 50] if options.quick else [2, 10, 50, 200]):
        rounds = 3 if options.quick or members >= LARGE else 15
        for suite in SUITES:
            for tree in TREES:
                found[suite][tree][str(members)] = measure(suite, tree, members, rounds)
        some = f"; every {EVERY}th has committed in a used tree" if committed(members) > 1 else ""
        print(f"  {members} members: measured{some}", flush=True)
    tables.tell(found)
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(json.dumps(found, indent=2) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
