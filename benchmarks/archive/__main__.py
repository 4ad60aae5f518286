"""`python -m benchmarks.archive`: what a long history costs a new browser. benchmarks/README.md has the words."""

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.archive import tables
from benchmarks.archive.browser import new_browser
from benchmarks.archive.node import find_node_first, run_node
from benchmarks.servers.running import ROOT
from tests.e2e.running_server import RunningServer

TARGET = ROOT / "var/bench/archive.json"
APPLICATION = "benchmarks.archive.asgi:application"

Figures = dict[str, Any]


def measure(count: int, folder: Path, *, profiled: bool = False) -> Figures:
    """Return the figures of an account with `count` messages in its archive."""
    with RunningServer(folder / "data", APPLICATION, REGISTRATION="open", LOG_LEVEL="ERROR") as server:
        filled = run_node("fill.js", server.origin, f"owner{count}", str(count))
        with new_browser(folder / "profile", server.origin, filled) as browser:
            browser.ceilings()
            found = {"restore": browser.restore(profiled=profiled)}
            found |= {"ceilings": browser.ceilings(), "open": browser.open_again()}
            found["history"] = browser.long_history()
        restored = {name: filled[name] for name in ("username", "recovery_key", "messages")}
        found["node"] = run_node("restore_in_node.js", server.origin, json.dumps(restored))
    return found | {"about": {name: filled[name] for name in ("messages", "entries", "bytes", "conversations")}}


def main() -> None:
    """Measure, print tables, and keep the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.archive", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="10,000 messages in place of 20,000 and 100,000")
    parser.add_argument("--messages", type=int, nargs="+", help="other numbers of them")
    parser.add_argument("--profile", action="store_true", help="tell where the page's time goes; it is slower then")
    options = parser.parse_args()
    find_node_first()
    found: Figures = {}
    for count in options.messages or ([10_000] if options.quick else [20_000, 100_000]):
        with tempfile.TemporaryDirectory(prefix="talk2me-archive-") as folder:
            found[str(count)] = measure(count, Path(folder), profiled=options.profile)
        print(f"  {count:,} messages: measured", flush=True)
    tables.tell(found)
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(json.dumps(found, indent=2) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
