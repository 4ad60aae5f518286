"""The fixtures of browser tests, a pytest plugin: a real server in its own process, and real Chromium profiles."""

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.e2e.person import Person
from tests.e2e.running_server import RunningServer

# Without these a closed network sees a lot of refused look-ups of the browser's own services.
QUIET = ["--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--no-first-run", "--no-sandbox", "--disable-quic", "--font-render-hinting=none"]  # fmt: skip
# A microphone that beeps, for whoever is allowed to use it.
MICROPHONE = ["--use-fake-device-for-media-stream"]


# Milliseconds. Nothing here takes seconds on a machine of its own; on a slow one that does other things too it does.
PATIENCE = 60_000
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for the session: the system's where there is one, else Playwright's own."""
    system = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=system, args=QUIET + MICROPHONE)
        yield browser
        browser.close()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RunningServer]:
    """A server on an empty data folder."""
    with RunningServer(tmp_path / "data") as running:
        yield running


@pytest.fixture
def new_profile(chromium: Browser, server: RunningServer, request: pytest.FixtureRequest) -> Iterator[callable]:
    """A factory of browser profiles; pictures of every open page are kept when the test fails."""
    open_contexts: list[BrowserContext] = []

    def make(**options: object) -> BrowserContext:
        context = chromium.new_context(base_url=server.origin, **options)
        context.set_default_timeout(PATIENCE)
        open_contexts.append(context)
        return context

    yield make
    failed = getattr(request.node, "rep_call", None) is not None and request.node.rep_call.failed
    for index, context in enumerate(open_contexts):
        for number, page in enumerate(context.pages):
            if failed:
                with contextlib.suppress(Exception):
                    page.screenshot(path=f"var/failures/{request.node.name}-{index}-{number}.png")
        context.close()


@pytest.fixture
def new_person(new_profile: callable) -> callable:
    """A factory of people: each with a browser profile of their own, not signed up yet."""

    def make(name: str, **options: object) -> Person:
        return Person(name, new_profile(**options))

    return make


@pytest.fixture
def page(new_profile: callable) -> Page:
    """A page of a fresh profile."""
    return new_profile().new_page()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo) -> Iterator[None]:
    """Let fixtures see whether the test failed."""
    report = yield
    setattr(item, f"rep_{report.when}", report)
    return report
