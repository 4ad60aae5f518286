"""A browser that has account and release: how long it takes to start, and whether it holds up who uses it."""

import statistics
from typing import Any

from playwright.sync_api import Page

from benchmarks.archive.browser import Browser, of_tasks, wait_for
from benchmarks.archive.collector import Collector
from benchmarks.archive.memory import Memory
from benchmarks.start.first_visit import KEPT, empty_page
from benchmarks.start.work import Work

LETTERS = ("so we said that this would be done by tomorrow " * 5)[:200]
# Milliseconds between two letters, as somebody who types fast.
PACE = 40

Figures = dict[str, Any]


def warm_starts(browser: Browser, rounds: int) -> Figures:
    """Return medians: ms until the list and the newest messages are there, and the main thread's work till then."""
    found: dict[str, list[float]] = {}
    for _ in range(rounds):
        empty = empty_page(browser.context)
        page = browser.context.new_page()
        work = Work(page)
        page.goto("/", wait_until="commit")
        page.wait_for_function("() => measured.marks.list > 0")
        to_list = work.so_far()
        page.wait_for_function("() => measured.marks.usable > 0")
        to_message = work.so_far()
        assert page.evaluate("Boolean(navigator.serviceWorker.controller)"), "no service worker answered"
        marks = page.evaluate("measured.marks")
        of_round = {"empty_ms": empty, "list_ms": marks["list"], "message_ms": marks["usable"]}
        of_round |= {f"list_{name}": ms for name, ms in to_list.items()}
        of_round |= {f"message_{name}": ms for name, ms in to_message.items()}
        for name, ms in of_round.items():
            found.setdefault(name, []).append(ms)
        page.close()
    return {name: round(statistics.median(times), 1) for name, times in found.items()}


def in_use(browser: Browser) -> Figures:
    """Return the heap after a warm start, and tasks while somebody writes 200 letters and scrolls up."""
    page = browser.context.new_page()
    memory = Memory(browser.context.new_cdp_session(page))
    page.goto("/")
    wait_for(page, "usable")
    memory.look()
    heap = memory.figures()
    return {"typing": _type(browser, page), "scrolling": browser.scroll(page), "memory": heap}


def _type(browser: Browser, page: Page) -> Figures:
    field = page.locator("[data-test=composer-input]")
    field.click()
    collector = Collector(page, browser.context.new_cdp_session(page))
    began = page.evaluate("performance.now()")
    page.keyboard.type(LETTERS, delay=PACE)
    # What is put off until somebody stops to type counts as well.
    page.wait_for_timeout(1_500)
    assert field.input_value() == LETTERS
    tasks = page.evaluate("(at) => measured.tasks.filter((task) => task.at >= at)", began)
    return of_tasks(tasks, collector.pauses())


def keep_release(browser: Browser) -> None:
    """Wait until the browser has kept the page."""
    page = browser.context.new_page()
    page.goto("/")
    wait_for(page, "usable")
    page.evaluate(KEPT)
    page.close()
