"""The headers, in a real browser: what an attacker who gets markup or a module into the page can do."""

import re

from playwright.sync_api import Page, Route

from tests.e2e.running_server import RunningServer

ATTEMPTS = """
const tried = {};
const attempt = (name, work) => { try { work(); tried[name] = "ran"; } catch (error) { tried[name] = error.name; } };
attempt("eval", () => eval("1"));
attempt("Function", () => new Function("return 1"));
attempt("innerHTML", () => { document.createElement("div").innerHTML = "<b>x</b>"; });
attempt("worker", () => new Worker("/static/worker.js"));
attempt("policy", () => trustedTypes.createPolicy("anything", {}));
attempt("script.src", () => { document.createElement("script").src = "/static/other.js"; });
document.documentElement.dataset.tried = JSON.stringify(tried);
"""


def with_changed_shell(page: Page, change: callable, *, allow_nonce: bool = False) -> None:
    """Let `change` rewrite the shell's HTML on its way; the headers stay, but for one nonce if asked."""

    def answer(route: Route) -> None:
        response = route.fetch()
        headers = dict(response.headers)
        if allow_nonce:
            policy = headers["content-security-policy"]
            headers["content-security-policy"] = policy.replace("script-src ", "script-src 'nonce-probe' ")
        route.fulfill(response=response, headers=headers, body=change(response.text()))

    page.route(re.compile(r"/$"), answer)


def test_the_shell_boots_without_a_single_violation(page: Page) -> None:
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto("/")
    page.locator("[data-test=welcome]").wait_for()
    assert said == []


def test_an_altered_module_does_not_run_and_the_page_says_so_by_not_starting(page: Page) -> None:
    altered: list[str] = []

    def answer(route: Route) -> None:
        altered.append(route.request.url)
        response = route.fetch()
        route.fulfill(response=response, body="globalThis.altered = true;\n" + response.text())

    page.route(re.compile(r"/js/parts/chunk-\w+\.js$"), answer)
    with page.expect_console_message(lambda line: "integrity" in line.text):
        page.goto("/")
    page.wait_for_load_state("networkidle")
    assert altered
    assert page.evaluate("globalThis.altered") is None
    assert page.locator("[data-test=welcome]").count() == 0


def test_a_module_that_the_import_map_does_not_name_is_refused(page: Page) -> None:
    with_changed_shell(
        page,
        lambda html: html.replace("</body>", '<script type="module" src="/static/extra.js"></script></body>'),
    )
    page.route(
        "**/static/extra.js", lambda route: route.fulfill(body="globalThis.extra = 1", content_type="text/javascript")
    )
    # Ends when every module of the page has run or has been refused.
    page.goto("/")
    page.locator("[data-test=welcome]").wait_for()
    assert page.evaluate("globalThis.extra") is None


def test_markup_injected_into_the_page_does_nothing(page: Page) -> None:
    injected = """<script>globalThis.inline = 1</script><img src="/none" onerror="globalThis.handler = 1">
      <a id="link" href="javascript:globalThis.clicked = 1">x</a><base href="https://attacker.example/">
      <iframe srcdoc="<script>parent.framed = 1</script>"></iframe><object data="/none"></object>
      <form id="form" action="https://attacker.example/"><input name="secret"></form>
      <style>body { display: none }</style>"""
    with_changed_shell(page, lambda html: html.replace("<body>", "<body>" + injected))
    page.goto("/")
    page.locator("[data-test=welcome]").wait_for()
    page.evaluate("document.querySelector('#link').click()")
    ran = page.evaluate("['inline', 'handler', 'clicked', 'framed'].filter((name) => globalThis[name] !== undefined)")
    assert ran == []
    assert "attacker" not in page.evaluate("document.baseURI")
    assert page.evaluate("getComputedStyle(document.body).display") != "none"


def test_code_in_the_page_cannot_make_code_or_markup_from_strings(page: Page) -> None:
    # From page code: what the debugging protocol evaluates is not under the policy and would prove nothing.
    with_changed_shell(
        page,
        lambda html: html.replace("</body>", f'<script nonce="probe">{ATTEMPTS}</script></body>'),
        allow_nonce=True,
    )
    page.goto("/")
    tried = page.evaluate("JSON.parse(document.documentElement.dataset.tried)")
    assert tried.pop("eval") == "EvalError"
    assert tried.pop("Function") == "EvalError"
    assert set(tried.values()) == {"TypeError"}


def test_nothing_can_frame_or_sniff_or_reach_elsewhere(page: Page, server: RunningServer) -> None:
    response = page.goto("/")
    assert response
    headers = response.headers
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-embedder-policy"] == "require-corp"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "integrity-policy" in headers
    assert page.evaluate("document.cookie") == ""
    blocked = page.evaluate("fetch('http://127.0.0.1:9/').then(() => 'went out', (error) => error.name)")
    assert blocked == "TypeError"
