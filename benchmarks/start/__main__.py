"""`python -m benchmarks.start`: what a start of the page costs, and whether that keeps its budgets.

benchmarks/README.md has the words. The exit code is 1 where a budget is broken.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.archive.browser import new_browser
from benchmarks.archive.node import find_node_first, run_node
from benchmarks.servers.running import ROOT
from benchmarks.start import tables
from benchmarks.start.budgets import LANGUAGES, broken
from benchmarks.start.first_visit import cold_starts, loaded
from benchmarks.start.warm_start import in_use, keep_release, warm_starts
from talk2me import built_page
from tests.e2e.running_server import RunningServer

TARGET = ROOT / "var/bench/start.json"
APPLICATION = "benchmarks.archive.asgi:application"
ROUNDS = 5
MESSAGES = 5_000

Figures = dict[str, Any]


def measure(folder: Path, rounds: int) -> Figures:
    """Return the figures of first visits, and of an account with 20 conversations."""
    found: Figures = {}
    with RunningServer(folder / "data", APPLICATION, REGISTRATION="open", LOG_LEVEL="ERROR") as server:
        found["first visit"] = {
            name: loaded(folder / name, server.origin, locale) for name, locale in LANGUAGES.items()
        }
        print("  first visits: measured", flush=True)
        kb = found["first visit"]["English"]["landing"]["kb"]
        found["cold start"] = cold_starts(folder, server.origin, rounds, kb)
        print("  cold starts: measured", flush=True)
        filled = run_node("fill.js", server.origin, "owner", str(MESSAGES))
        with new_browser(folder / "profile", server.origin, filled) as browser:
            browser.restore(profiled=False)
            keep_release(browser)
            found["warm start"] = warm_starts(browser, rounds)
            found["in use"] = in_use(browser)
    return found


def main() -> None:
    """Measure, print a table, keep the figures, and tell by the exit code whether all budgets were kept."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.start", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="each start once, in place of medians of five")
    options = parser.parse_args()
    if not built_page.is_current():
        sys.exit("talk2me: built/ was made of other sources: npm run page")
    find_node_first()
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="talk2me-start-") as folder:
        found = measure(Path(folder), 1 if options.quick else ROUNDS)
    found["broken"] = broken(found)
    tables.tell(found)
    TARGET.write_text(json.dumps(found, indent=2) + "\n")
    sys.stdout.flush()
    sys.exit(1 if found["broken"] else 0)


if __name__ == "__main__":
    main()
