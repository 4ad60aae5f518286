"""How long a page takes until it can be used, and how many bytes the first visit loads.

Beside it, in the same run and browser: an empty page of the same server, which is as fast as a page can be here.
"""

import json
import shutil
import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import BrowserContext, sync_playwright

from tests.browser_profiles import QUIET
from tests.e2e.person import Person
from tests.e2e.running_server import RunningServer

ROUNDS = 7
TARGET = Path(__file__).resolve().parent.parent / "var/bench/first_visit.json"


def timed_visit(context: BrowserContext, address: str, ready: str) -> tuple[float, int]:
    """Open a page; return (ms until `ready` is on screen, bytes that came over the network)."""
    page = context.new_page()
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    sizes: list[int] = []
    network.on("Network.loadingFinished", lambda event: sizes.append(int(event["encodedDataLength"])))
    started = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.locator(ready).first.wait_for()
    took = (time.perf_counter() - started) * 1000
    page.wait_for_timeout(300)
    page.close()
    return took, sum(sizes)


def measure() -> dict[str, float]:
    """Return the figures; times are medians in milliseconds, sizes are bytes as they came over the network."""
    system = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    figures: dict[str, float] = {}
    with (
        tempfile.TemporaryDirectory() as folder,
        RunningServer(Path(folder) / "data") as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=system, args=QUIET)
        cold, warm, empty = [], [], []
        for _ in range(ROUNDS):
            context = browser.new_context(base_url=server.origin)
            empty.append(timed_visit(context, "/api/server", "body")[0])
            took, first_bytes = timed_visit(context, "/", "[data-test=welcome]")
            cold.append(took)
            took, again_bytes = timed_visit(context, "/", "[data-test=welcome]")
            warm.append(took)
            figures |= {"first visit, bytes": first_bytes, "second visit, bytes": again_bytes}
            context.close()
        person = Person("bench", browser.new_context(base_url=server.origin)).sign_up()
        signed_in = [timed_visit(person.context, "/", "[data-test=main]")[0] for _ in range(ROUNDS)]
        browser.close()
    floor = statistics.median(empty)
    figures["empty page, ms"] = floor
    for name, times in (("first visit", cold), ("second visit", warm), ("signed in", signed_in)):
        figures[f"{name} to usable, ms"] = statistics.median(times)
        figures[f"{name} to usable / empty page"] = statistics.median(times) / floor
    return figures


def main() -> None:
    """Measure, print a table, and keep it."""
    figures = measure()
    print("\nThe page (medians of", ROUNDS, "rounds)")
    for name, value in figures.items():
        print(f"  {name:<42}{value:>12,.1f}")
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
