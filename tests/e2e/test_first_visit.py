"""How heavy the first visit is, and that nothing is fetched from elsewhere."""

from playwright.sync_api import Page

from tests.e2e.running_server import RunningServer


def test_everything_comes_from_this_server_and_is_cached_for_ever_but_the_shell(
    page: Page, server: RunningServer
) -> None:
    answers: list[tuple[str, str]] = []
    page.on("response", lambda response: answers.append((response.url, response.headers.get("cache-control", ""))))
    page.goto("/")
    page.locator("[data-test=welcome]").wait_for()
    assert answers
    assert all(url.startswith(server.origin) for url, _ in answers)
    static = [cache for url, cache in answers if "/static/" in url]
    assert static
    assert all("immutable" in cache for cache in static)
    assert dict(answers)[f"{server.origin}/"] == "no-cache"
