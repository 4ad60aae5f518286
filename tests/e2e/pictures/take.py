"""Takes pictures that come out alike on every machine: one time, one font, nothing that moves."""

from playwright.sync_api import Browser, BrowserContext, Page

from tests.e2e.access_states import State
from tests.e2e.axe import SETTLE, reach
from tests.e2e.axe import take as take_step

NOW = "2026-11-30T10:30:00Z"
FONTS = {"--font": '"DejaVu Sans"', "--font-code": '"DejaVu Sans Mono"'}
# A font that is not there is as wide as the one that stands in for it.
HAS_FONT = """() => {
  const pen = document.createElement("canvas").getContext("2d");
  const width = (font) => {
    pen.font = `72px ${font}`;
    return pen.measureText("talk2me").width;
  };
  return ["serif", "monospace"].every((other) => width(`"DejaVu Sans", ${other}`) !== width(other));
}"""
SET_UP = """([looks, fonts]) => {
  for (const [name, value] of Object.entries(looks)) document.documentElement.dataset[name] = value;
  for (const [name, value] of Object.entries(fonts)) document.documentElement.style.setProperty(name, value);
}"""
# What is not alike everywhere: emoji, which have a font of their own on some machines, and where the preview is.
STEADY = r"""() => {
  const emoji = /\p{RI}{2}|\p{Emoji_Presentation}(?:\p{EMod})?|\p{Extended_Pictographic}\uFE0F/gu;
  const host = "talk.example.org";
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const moved = node.data.replace(location.origin, `https://${host}`).replace(location.host, host);
    const steady = moved.replace(emoji, "\u25CF");
    if (steady !== node.data) node.data = steady;
  }
}"""
# Pictures come when they are scrolled to.
LOADED = """() => [...document.querySelectorAll("[data-test=file-image]:not([data-loaded=true])")].every((one) => {
  const { top, bottom } = one.getBoundingClientRect();
  const messages = one.closest("[data-test=messages]").getBoundingClientRect();
  return bottom <= messages.top || top >= messages.bottom;
})"""
# One that is loaded is not painted yet.
PAINTED = """async () => {
  const pictures = [...document.querySelectorAll("[data-loaded=true] img")];
  await Promise.all(pictures.map((one) => one.decode().catch(() => {})));
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
}"""
# How high the window must be for nothing of a panel to be cut off.
TALLER = """() => {
  const panel = document.querySelector(".panel-scroll");
  return innerHeight + panel.scrollHeight - panel.clientHeight;
}"""


def open_browser(chromium: Browser, **options: object) -> BrowserContext:
    """Return a context whose pages look alike everywhere."""
    context = chromium.new_context(locale="en-US", timezone_id="UTC", reduced_motion="reduce", **options)
    context.set_default_timeout(60_000)
    return context


def open_state(context: BrowserContext, origin: str, state: State, looks: dict[str, str]) -> Page:
    """Return a page that shows a state."""
    page = context.new_page()
    page.clock.set_fixed_time(NOW)
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"{origin}/?scene={state.scene}")
    page.wait_for_selector("html:not([data-screen=loading])")
    page.evaluate(SET_UP, [looks, FONTS])
    reach(page, state._replace(steps=[]))
    for step in state.steps:
        if step == "wait:pictures":
            page.wait_for_function(LOADED)
        elif step.startswith("wait:"):
            page.locator(f"[data-test={step.removeprefix('wait:')}]").locator("visible=true").first.wait_for()
        else:
            take_step(page, step)
    page.wait_for_timeout(400)
    page.mouse.move(0, 0)
    return page


def take(page: Page, width: int, height: int, scheme: str, *, tall: bool = False) -> bytes:
    """Return a picture of what the page shows, as PNG."""
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": height})
    if tall:
        page.set_viewport_size({"width": width, "height": page.evaluate(TALLER)})
    page.wait_for_function(LOADED)
    page.evaluate(PAINTED)
    page.evaluate(STEADY)
    page.evaluate(SETTLE)
    return page.screenshot(animations="disabled")
