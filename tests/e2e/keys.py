"""A person who has a keyboard and nothing else."""

from typing import Self

from playwright.sync_api import expect

from tests.e2e.person import Person

# What has the focus, and whether somebody who looks sees it: a ring around it, in the window, with nothing over it.
FOCUS = """() => {
  const element = document.activeElement;
  if (element === null || element === document.body) return { name: "", fault: "nothing has the focus" };
  const name = [element.dataset.test ?? element.localName, element.dataset.action].filter(Boolean).join(":");
  // A title that is read out when something opens has no ring: nothing can be done with it.
  if (/^H[1-6]$/.test(element.tagName)) return { name, fault: "" };
  const parent = element.parentElement;
  const inner = element.querySelector(".bubble, p");
  const may_have_it = [element, element.nextElementSibling, parent, parent.parentElement, inner];
  const has_ring = may_have_it.some((one) => {
    const { outlineStyle, outlineWidth } = one ? getComputedStyle(one) : { outlineStyle: "none" };
    return outlineStyle !== "none" && parseFloat(outlineWidth) > 0;
  });
  const box = element.getBoundingClientRect();
  const [left, right] = [Math.max(box.left, 0), Math.min(box.right, innerWidth)];
  const [top, bottom] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)];
  const there = [[0.5, 0.5], [0.1, 0.5], [0.9, 0.5], [0.5, 0.1], [0.5, 0.9]].some(([x, y]) => {
    const seen = document.elementFromPoint(left + (right - left) * x, top + (bottom - top) * y);
    return seen && (element.contains(seen) || seen.contains(element) || seen.closest("label")?.contains(element));
  });
  const in_window = right > left && bottom > top;
  const fault = !has_ring ? "no ring" : !in_window ? "out of sight" : !there ? "something lies over it" : "";
  return { name, fault: fault && `${fault}: ${element.outerHTML.slice(0, 160)}` };
}"""


IS_ON = "(name) => [document.activeElement.dataset.test, document.activeElement.localName].includes(name)"


class KeyboardPerson(Person):
    """Somebody who tabs, types and presses Enter; wherever they are, it can be seen."""

    def focused(self) -> str:
        """Return the `data-test` name of what has the focus, with its action if it has one."""
        found = self.page.evaluate(FOCUS)
        assert found["fault"] == "", found["fault"]
        return found["name"]

    def is_on(self, name: str) -> Self:
        """Wait until the focus has come here by itself."""
        self.page.wait_for_function(IS_ON, arg=name)
        self.focused()
        return self

    def press(self, *keys: str) -> Self:
        """Press keys."""
        for key in keys:
            self.page.keyboard.press(key)
        return self

    def go_to(self, name: str, key: str = "Tab") -> Self:
        """Press Tab, or another key, until this has the focus."""
        wanted, _, action = name.partition(":")
        expect(
            self.see(wanted).and_(self.page.locator(f"[data-action={action}]" if action else "*")).first
        ).to_be_visible()
        path = []
        for _ in range(80):
            path.append(self.focused())
            if path[-1] == name:
                return self
            self.press(key)
        raise AssertionError(f"{name} is not reached: {path}")

    def type(self, name: str, words: str) -> Self:
        """Go to a field and type."""
        self.go_to(name)
        self.page.keyboard.type(words)
        return self

    def use(self, name: str) -> Self:
        """Go to a button or a link and press Enter."""
        return self.go_to(name).press("Enter")

    def write(self, words: str) -> Self:
        """Type where the focus is, and press Enter."""
        self.page.keyboard.type(words)
        return self.press("Enter")

    def choose(self, action: str) -> Self:
        """Open the menu of the message that has the focus, and take something from it."""
        return self.press("Enter").go_to(f"menu-item:{action}", "ArrowDown").press("Enter")

    def leaves(self, opened: str, *, to: str) -> None:
        """Press Esc; what was open is gone, and the focus is back where it came from."""
        expect(self.see(opened)).to_be_visible()
        self.focused()
        self.press("Escape")
        expect(self.see(opened)).to_have_count(0)
        self.is_on(to)

    def sign_up_by_keyboard(self) -> None:
        """Create an account and confirm the recovery key."""
        self.open()
        self.see("welcome").wait_for()
        self.use("create-account").type("username", self.name).press("Enter")
        expect(self.see("recovery-group")).to_have_count(7)
        groups = self.see("recovery-group").all_inner_texts()
        self.use("recovery-continue")
        expect(self.see("recovery-input")).to_have_count(2)
        first, second = (int(box.get_attribute("data-index") or 0) for box in self.see("recovery-input").all())
        self.type("recovery-input", groups[first]).press("Tab").type("recovery-input", groups[second]).press("Enter")
        self.see("main").wait_for()
        self.is_on("h1")
