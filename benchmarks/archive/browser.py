"""A new browser of an account with a long history: what a person waits for, what it takes, and what is beside it."""

import json
import shutil
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, sync_playwright

from benchmarks.archive.collector import Collector, without_pauses
from benchmarks.archive.cpu_profile import costliest, told_of_tasks
from benchmarks.archive.memory import Memory
from tests.browser_profiles import QUIET
from tests.e2e.page_modules import put_modules
from tests.e2e.person import Person

HERE = Path(__file__).parent
IN_PAGE = (HERE / "in_page.js").read_text()
CEILINGS = (HERE / "ceilings.js").read_text()
LONG_HISTORY = (HERE / "long_history.js").read_text().rstrip().removesuffix(";")
# A word of every second message, the beginning of all numbers with a certain digit, two words, one old message.
SEARCHES = ("tomorrow", "7", "nobody ask", "17")
SCROLLED = 120
PIECE = 128
# Milliseconds: what a browser calls a long task.
LONG = 50
OPENINGS = 5
PATIENCE = 1_800
SAMPLE_MS = 250

Figures = dict[str, Any]


class Browser:
    """A Chromium with a profile on the disk, as people have it: without one IndexedDB would be in memory."""

    def __init__(self, context: BrowserContext, filled: Figures) -> None:
        self.context = context
        self.filled = filled
        wanted = {name: filled[name] for name in ("conversations", "newest")}
        context.add_init_script(IN_PAGE.replace("WANTED", json.dumps(wanted)))

    def restore(self, *, profiled: bool) -> Figures:
        """Sign in with the recovery key; return what was measured until all is here."""
        person = Person(self.filled["username"], self.context)
        page = person.page
        person.open()
        person.see("have-account").click()
        person.see("choice-recover").click()
        person.see("recover-username").fill(person.name)
        person.see("recover-key").fill(self.filled["recovery_key"])
        person.see("recover-device-name").fill("new")
        tools = self.context.new_cdp_session(page)
        if profiled:
            tools.send("Profiler.enable")
            tools.send("Profiler.setSamplingInterval", {"interval": 500})
            tools.send("Profiler.start")
            profile_began = page.evaluate("performance.now()")
        memory = Memory(tools)
        collector = Collector(page, tools)
        person.see("recover-submit").click()
        wait_for(page, "restored", memory)
        pauses = collector.pauses()
        if profiled:
            profile = tools.send("Profiler.stop")["profile"]
            costliest(profile)
            told_of_tasks(profile, page.evaluate("measured.tasks"), began=profile_began)
        figures = _told(page.evaluate("measured"), self.filled, pauses) | memory.figures()
        figures["stored"] = self._ceiling(page, "count_stored", {})
        assert figures["stored"]["messages"] >= self.filled["messages"], figures["stored"]
        page.close()
        return figures

    def open_again(self) -> Figures:
        """Return how long the page takes with everything in this browser: milliseconds from its address on, medians."""
        found: dict[str, list[float]] = {"main": [], "list": [], "usable": []}
        for _ in range(OPENINGS):
            page = self.context.new_page()
            page.goto("/", wait_until="commit")
            wait_for(page, "usable")
            marks = page.evaluate("measured.marks")
            for name, times in found.items():
                times.append(marks[name])
            page.close()
        return {f"{name}_ms": round(statistics.median(times)) for name, times in found.items()}

    def long_history(self) -> Figures:
        """Return what searching in all of it takes, and what scrolling through a conversation does to the page."""
        page = self.context.new_page()
        page.goto("/")
        wait_for(page, "usable")
        put_modules(page, "store/open_store.js", "session/search/find_messages.js", "session/search/search_terms.js")
        began = time.monotonic()
        while self._of_history(page, "indexed") < self.filled["messages"]:
            if time.monotonic() - began > PATIENCE:
                raise TimeoutError(f"indexed: {self._of_history(page, 'indexed')}")
            page.wait_for_timeout(1_000)
        found = self._of_history(page, "search", {"texts": list(SEARCHES)})
        found["index_seconds"] = round(time.monotonic() - began, 1)
        return found | {"scroll": self.scroll(page)}

    def scroll(self, page: Page) -> Figures:
        """Return what scrolling up through the conversation that is open does to the page."""
        list_of_messages = page.locator("[data-part=scroller]")
        list_of_messages.hover()
        collector = Collector(page, self.context.new_cdp_session(page))
        began = self._of_history(page, "now")
        first = page.locator("[data-test=message]").first.get_attribute("data-order")
        for _ in range(SCROLLED):
            page.mouse.wheel(0, -1_500)
            page.wait_for_timeout(30)
        last = page.locator("[data-test=message]").first.get_attribute("data-order")
        rows = page.locator("[data-test=message]").count()
        tasks = self._of_history(page, "tasks_since", {"at": began})
        return {
            "rows": rows,
            "from": first,
            "to": last,
            **of_tasks(tasks, collector.pauses()),
        }

    def _of_history(self, page: Page, name: str, of: Figures | None = None) -> Any:
        return page.evaluate(f"(of) => ({LONG_HISTORY}).{name}(of)", of or {})

    def ceilings(self) -> Figures:
        """Return what this browser does at best with as many bytes, entries and records."""
        page = self.context.new_page()
        page.goto("/")
        put_modules(page, "transport/mailbox_socket.js", "codec/base64url.js")
        filled = self.filled
        archive = {"token": filled["token"], "mailbox": filled["mailbox"], "size": PIECE}
        found = {
            "plain bytes": self._ceiling(page, "fetch_bytes", {"count": filled["bytes"]}),
            "socket": self._ceiling(page, "drain_socket", archive),
            "records": self._ceiling(page, "put_records", {"count": filled["messages"], "size": PIECE}),
        }
        page.close()
        return {name: round(figures["seconds"], 3) for name, figures in found.items()}

    def _ceiling(self, page: Page, name: str, of: Figures) -> Figures:
        return page.evaluate(f"(of) => ({CEILINGS}).{name}(of)", of)  # type: ignore[no-any-return]


@contextmanager
def new_browser(folder: Path, origin: str, filled: Figures) -> Iterator[Browser]:
    """Yield a browser with an empty profile in `folder`."""
    system = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            folder, executable_path=system, args=QUIET, base_url=origin
        )
        context.set_default_timeout(60_000)
        yield Browser(context, filled)
        context.close()


def wait_for(page: Page, mark: str, memory: Memory | None = None) -> None:
    """Wait until something is on screen, by its name in in_page.js."""
    deadline = time.monotonic() + PATIENCE
    while not page.evaluate(f"measured.marks.{mark} ?? 0"):
        if time.monotonic() > deadline:
            raise TimeoutError(f"{mark}: {page.evaluate('measured.marks')}")
        if memory:
            memory.look()
        page.wait_for_timeout(SAMPLE_MS if memory else 20)


def _told(measured: Figures, filled: Figures, pauses: list[dict[str, float]]) -> Figures:
    """Return times in ms since the account was in this browser, and seconds and rates of the whole."""
    marks, progress = measured["marks"], measured["progress"]
    begun, ended = marks["profile"], marks["restored"]
    seconds = (ended - marks["restoring"]) / 1000
    # Some is here before there is a bar.
    part = 1 - progress[0]["done"] / progress[0]["total"]
    half = next((one["at"] for one in progress if one["done"] * 2 >= one["total"]), ended)
    restoring = [one for one in measured["tasks"] if marks["restoring"] <= one["at"] <= ended]
    return {
        **{f"{name}_ms": round(marks[name] - begun) for name in ("main", "restoring", "list", "usable", "restored")},
        "restore_seconds": round(seconds, 2),
        "messages_per_second": round(part * filled["messages"] / seconds),
        "megabytes_per_second": round(part * filled["bytes"] / seconds / 1e6, 2),
        "second_half": round((ended - half) / 1000 / seconds, 2),
        **of_tasks(restoring, pauses),
        "longest_task_before_ms": round(_longest(measured["tasks"], begun, marks["restoring"])),
        "longest_drift_ms": round(_longest(measured["drifts"], marks["restoring"], ended)),
        "tasks": [[round(one["at"] - begun), round(one["took"])] for one in measured["tasks"] if one["at"] >= begun],
    }


def of_tasks(tasks: list[Figures], pauses: list[dict[str, float]]) -> Figures:
    """Return how many tasks were long, and how many without the engine's collection of garbage."""
    own = [without_pauses(one, pauses) for one in tasks]
    return {
        "long_tasks": len(tasks),
        "longest_task_ms": round(max((one["took"] for one in tasks), default=0)),
        "own_long_tasks": len([took for took in own if took > LONG]),
        "longest_own_ms": round(max(own, default=0)),
    }


def _longest(tasks: list[Figures], start: float, end: float) -> float:
    return max((one["took"] for one in tasks if start <= one["at"] <= end), default=0)
