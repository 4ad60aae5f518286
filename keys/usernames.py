"""Usernames: which are allowed, and what each looks like (docs/decisions/usernames.md). Pure."""

import unicodedata
from functools import cache

from confusable_homoglyphs.categories import alias
from confusable_homoglyphs.confusables import confusables_data
from precis_i18n import get_profile

from talk2me.errors import UsernameInvalid

SHORTEST, LONGEST = 2, 32
PROFILE = get_profile("UsernameCaseMapped")
# UTS 39, section 5.2, "highly restrictive": one script, or one of these sets.
SCRIPT_SETS = (
    {"LATIN", "HAN", "HIRAGANA", "KATAKANA"},
    {"LATIN", "HAN", "BOPOMOFO"},
    {"LATIN", "HAN", "HANGUL"},
)

# The small palochka: the table puts it with `i`, the best known fake of a Latin name used it for `l`.
MORE_LOOKALIKES = {"\u04cf": "l"}


def canonical(username: str) -> str:
    """Return the form in which `username` is stored and signed (RFC 8265, section 3.3). Raises UsernameInvalid."""
    try:
        found: str = PROFILE.enforce(username)
    except UnicodeError as error:
        raise UsernameInvalid from error
    return found


def check(username: str) -> None:
    """Raise UsernameInvalid unless `username` is canonical and allowed."""
    if not SHORTEST <= len(username) <= LONGEST or "@" in username or canonical(username) != username:
        raise UsernameInvalid
    # What starts with a mark would join the character that stands before it on the page.
    if unicodedata.category(username[0])[0] not in "LN":
        raise UsernameInvalid
    scripts = {alias(character) for character in username} - {"COMMON", "INHERITED"}
    if "UNKNOWN" in scripts or (len(scripts) > 1 and not any(scripts <= allowed for allowed in SCRIPT_SETS)):
        raise UsernameInvalid


def skeleton(username: str) -> str:
    """Return what `username` looks like (UTS 39, section 4): equal for two names that are easily taken for each other.

    Case is folded besides, because names have none: so `0`, which looks like `O`, also looks like `o`.
    """
    looks = ""
    following = username
    # A prototype may itself hold characters that have one; three rounds are the most that any character needs.
    for _ in range(8):
        if following == looks:
            break
        looks = following
        plain = unicodedata.normalize("NFD", looks)
        following = "".join(prototypes().get(character, character) for character in plain).casefold()
    return following


@cache
def prototypes() -> dict[str, str]:
    """Return for each character that resembles others the text that stands for all of them.

    The library's table has lost which of two is the prototype, so the sets of what resembles each other are put
    together again, and one member chosen: the one of several characters (`rn` for `m`), else a Latin letter, else the
    lowest code point.
    """
    leader: dict[str, str] = {}

    def find(text: str) -> str:
        while leader.setdefault(text, text) != text:
            text = leader[text]
        return text

    for text, resembling in confusables_data.items():
        for other in resembling:
            first, second = (find(_without_marks(one)) for one in (text, other["c"]))
            if first != second:
                low, high = sorted((first, second), key=_fitness)
                leader[high] = low
    return {text: find(text) for text in leader if len(text) == 1 and find(text) != text} | MORE_LOOKALIKES


def _fitness(text: str) -> tuple[int, bool, bool, str]:
    return (-len(text), not (text.isascii() and text.islower()), not (text.isascii() and text.isalpha()), text)


def _without_marks(text: str) -> str:
    # The table writes right-to-left characters between direction marks.
    return text.replace("\u200e", "")
