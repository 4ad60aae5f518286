"""Whoever enlarges the page must not have to scroll sideways, and whoever has no mouse must see where they are."""

from collections.abc import Iterator

from playwright.sync_api import Page

# A window 1280 wide at 200 % and at 400 %.
ENLARGED = [(640, 400), (320, 256)]
# What sticks out at a side, or can be scrolled to one. Code may: its lines are as long as they are.
SIDEWAYS = """() => {
  const all = document.body.querySelectorAll(":not(pre, pre *, svg *, .visually-hidden, .skip-link)");
  const wide = [...all].filter((one) => {
    if (!one.checkVisibility({ visibilityProperty: true, opacityProperty: true })) return false;
    const { left, right, width } = one.getBoundingClientRect();
    const scrolls = ["auto", "scroll"].includes(getComputedStyle(one).overflowX);
    return (scrolls && one.scrollWidth > one.clientWidth + 1) || (width > 1 && (left < -1 || right > innerWidth + 1));
  });
  return wide.map((one) => `${one.localName}.${one.className}`).slice(0, 3);
}"""
# Controls that look the same with the focus as without: no outline around them, around what they are in, or in them.
UNSEEN = """() => {
  const controls = "a[href], button, input, select, textarea, summary, [tabindex]:not([tabindex='-1'])";
  const outline = (one) => {
    const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(one);
    return outlineStyle === "none" ? "" : `${outlineStyle} ${outlineWidth} ${outlineColor}`;
  };
  const around = (one) => {
    const { parentElement: parent, nextElementSibling: next } = one;
    return [one, parent, parent.parentElement, next, ...one.querySelectorAll("*")].filter(Boolean).map(outline);
  };
  const had = document.activeElement;
  const unseen = [...document.querySelectorAll(controls)].filter((one) => {
    if (!one.checkVisibility({ visibilityProperty: true })) return false;
    document.activeElement.blur();
    const before = around(one);
    one.focus({ focusVisible: true, preventScroll: true });
    return document.activeElement === one && !around(one).some((now, index) => now !== before[index] && now !== "");
  });
  had.focus();
  return unseen.map((one) => `${one.localName}.${one.className}`).slice(0, 3);
}"""


def find_unseen(page: Page) -> Iterator[str]:
    """Say what can't be seen enlarged without scrolling sideways, or not where the focus is."""
    for control in page.evaluate(UNSEEN):
        yield f"the focus can't be seen on {control}"
    for width, height in ENLARGED:
        page.set_viewport_size({"width": width, "height": height})
        for element in page.evaluate(SIDEWAYS):
            yield f"one must scroll sideways at {width} px for {element}"
