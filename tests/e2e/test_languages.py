"""The page in another language, from right to left: all of it, and back to English by choice."""

from playwright.sync_api import Browser, Page, expect

from tests.e2e.access_states import every_state
from tests.e2e.axe import close_everything, reach
from tests.e2e.sample_data import preview

# What is left in Latin letters, seen or heard, that is not what people wrote, a code, or a language's name.
LEFT = """() => {
  const own = "[dir=auto], [dir=ltr], [lang]:not(html), bdi, code, kbd, .emoji-grid, .emoji-name, .avatar";
  const heard = ["aria-label", "title", "placeholder", "alt"];
  const names = /talk2me|Enter|Shift|Ctrl|Esc|\\u2068[^\\u2069]*\\u2069/g;
  const is_left = (words) => /[a-z]{3}/i.test(words.replace(names, ""));
  return [...document.body.querySelectorAll("*")].flatMap((element) => {
    if (element.closest(own) || !element.checkVisibility({ visibilityProperty: true })) return [];
    const texts = [...element.childNodes].filter(({ nodeType }) => nodeType === 3).map(({ data }) => data);
    return [...texts, ...heard.map((name) => element.getAttribute(name) ?? "")].filter(is_left);
  });
}"""
LOOKED_AT = ("fresh", "many", "group")


def language_of(page: Page) -> tuple[str, str]:
    """Return the page's language and direction."""
    return page.evaluate("[document.documentElement.lang, document.documentElement.dir]")


def test_everything_is_in_the_browsers_language_until_another_is_chosen(chromium: Browser) -> None:
    left: dict[str, list[str]] = {}
    with preview() as origin, chromium.new_context(locale="ar-EG", reduced_motion="reduce") as context:
        for scene, states in every_state().items():
            if scene not in LOOKED_AT:
                continue
            page = context.new_page()
            page.goto(f"{origin}/?scene={scene}")
            page.wait_for_selector("html:not([data-screen=loading])")
            assert language_of(page) == ["ar", "rtl"]
            for state in states:
                reach(page, state)
                left |= {words: [str(state)] for words in page.evaluate(LEFT) if words not in left}
                close_everything(page)
            page.close()
        assert left == {}

        page = context.new_page()
        page.goto(f"{origin}/?scene=many#/settings")
        choice = page.locator("[data-test=language]")
        expect(choice).to_have_value("")
        choice.select_option("en")
        expect(page.locator("[data-test=settings] h2")).to_have_text("Settings")
        assert language_of(page) == ["en", "ltr"]
        expect(choice).to_have_value("en")
