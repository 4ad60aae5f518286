"""A first visit: what is loaded for the landing page and until a first note can be written, and how long it takes."""

import shutil
import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, sync_playwright

from benchmarks.archive.browser import CEILINGS
from benchmarks.start.wire import FETCHED, Wire, told
from tests.browser_profiles import QUIET
from tests.e2e.person import Person

LANDING = (Path(__file__).parent / "landing.js").read_text()
# The server's shortest answer.
EMPTY = "/api/server"
DRAWN = "performance.getEntriesByType('navigation')[0].loadEventEnd"
KEPT = """() => {
  const late = new Promise((_, reject) => setTimeout(() => reject(new Error("no service worker")), 60_000));
  return Promise.race([navigator.serviceWorker.ready.then(() => true), late]);
}"""

Figures = dict[str, Any]


@contextmanager
def fresh_browser(folder: Path, origin: str, locale: str = "en-US") -> Iterator[BrowserContext]:
    """Yield a Chromium that was never anywhere, with its profile on the disk."""
    system = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            folder, executable_path=system, args=QUIET, base_url=origin, locale=locale
        )
        context.set_default_timeout(60_000)
        context.add_init_script(LANDING)
        yield context
        context.close()


def loaded(folder: Path, origin: str, locale: str) -> Figures:
    """Return what comes for the landing page, with nothing touched, and what comes more until a note can be written."""
    with fresh_browser(folder, origin, locale) as context:
        person = Person(f"first{locale[:2]}", context)
        wire = Wire(person.page)
        person.open()
        person.page.wait_for_function("() => globalThis.landed > 0")
        found: Figures = {"landing": wire.take()}
        person.sign_up()
        person.see("empty-notes").click()
        person.see("composer-input").wait_for()
        person.page.evaluate(KEPT)
        found["more"] = wire.take()
        found["worker"] = told([size for worker in context.service_workers for size in worker.evaluate(FETCHED)])
    return found


def cold_starts(folder: Path, origin: str, rounds: int, kb: float) -> Figures:
    """Return medians of fresh browsers: ms until the landing page can be used, of an empty page, of `kb` fetched."""
    found: dict[str, list[float]] = {"landing_ms": [], "empty_ms": [], "fetch_ms": []}
    for number in range(rounds):
        with fresh_browser(folder / f"cold{number}", origin) as context:
            found["empty_ms"].append(empty_page(context))
            page = context.new_page()
            page.goto("/", wait_until="commit")
            page.wait_for_function("() => globalThis.landed > 0")
            found["landing_ms"].append(page.evaluate("globalThis.landed"))
            plain = page.evaluate(f"(of) => ({CEILINGS}).fetch_bytes(of)", {"count": round(kb * 1000)})
            found["fetch_ms"].append(plain["seconds"] * 1000)
    return {name: round(statistics.median(times), 1) for name, times in found.items()}


def empty_page(context: BrowserContext) -> float:
    """Return how many ms the server's shortest answer takes as a page: none of this server is faster here."""
    page: Page = context.new_page()
    page.goto(EMPTY, wait_until="load")
    page.wait_for_function(f"() => {DRAWN} > 0")
    took = page.evaluate(DRAWN)
    page.close()
    return float(took)
