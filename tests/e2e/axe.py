"""What axe-core finds in the interface on sample data."""

from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page

from tests.e2e.access_states import State
from tests.e2e.running_server import ROOT

AXE = ROOT / "node_modules/axe-core/axe.min.js"
# What WCAG 2.2 asks for at A and AA, and what axe holds to be good besides.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Both widths and both colours in each state; which has which changes from state to state. The smaller width
# is that of a window of 1280 pixels at 400 %. The second time only what depends on them is looked at.
LOOKS = [[(1280, "light"), (320, "dark")], [(320, "light"), (1280, "dark")]]
BY_LOOK = ["color-contrast", "target-size"]
RUN = """async ([tags, only]) => {
  const runOnly = only.length > 0 ? { type: "rule", values: only } : { type: "tag", values: tags };
  // The list is for finding one's way; on a phone it stands alone.
  const rules = only.length > 0 ? {} : { "landmark-one-main": { enabled: false } };
  const { violations } = await axe.run(document, { runOnly, rules, resultTypes: ["violations"] });
  let found = violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, any, all, none }) => {
      const why = [...any, ...all, ...none].map(({ message }) => message).join("; ");
      return `${id} at ${target.join(" ")}: ${why}`;
    }),
  );
  // What stands above the page, as dialogs do, belongs to no part of it.
  found = found.filter((fault) => !fault.startsWith("region at .popover"));
  if (document.documentElement.scrollWidth > innerWidth) found.push("the page is wider than the window");
  return found;
}"""
OPEN = "() => document.querySelector('dialog[open], .popover:popover-open') !== null"
SETTLE = """() => Promise.all(
  document.getAnimations().map((one) => {
    const ends = one.effect.getComputedTiming().iterations !== Infinity;
    // What is taken away meanwhile never ends.
    return ends && one.finished.catch(() => {});
  }),
)"""


def take(page: Page, step: str) -> None:
    """Do what a step says."""
    name, has_words, words = step.partition("=")
    name, has_action, action = name.partition(":")
    if step.startswith("!"):
        page.keyboard.press(step.removeprefix("!"))
        return
    # What was opened last is on top.
    wanted = f"[data-test={name}]:not(:disabled)" + (f"[data-action={action}]" if has_action else "")
    place = page.locator(wanted).locator("visible=true").last
    if has_words:
        place.fill(words)
    else:
        place.click()


def reach(page: Page, state: State) -> None:
    """Go to a state of the scene that is open."""
    page.evaluate("(hash) => { location.hash = hash }", state.route)
    for step in state.steps:
        take(page, step)
    # What the session on sample data answers takes up to a second.
    page.wait_for_timeout(400)


def close_everything(page: Page) -> None:
    """Close what is open above the page. Where nothing is, Esc would step back."""
    for _ in range(4):
        if not page.evaluate(OPEN):
            return
        page.keyboard.press("Escape")


def find_faults(page: Page, turn: int) -> Iterator[str]:
    """Look at what the page shows now, in two widths and two colours."""
    for number, (width, scheme) in enumerate(LOOKS[turn % 2]):
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.evaluate(SETTLE)
        for fault in page.evaluate(RUN, [TAGS, BY_LOOK if number else []]):
            yield f"{width} px, {scheme}: {fault}"
    page.set_viewport_size({"width": 1280, "height": 800})


def source() -> str:
    """Return axe-core, for the page to evaluate."""
    return Path(AXE).read_text()
