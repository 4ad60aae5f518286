"""What pictures are taken of: scenes of tests/js/support/scenes.js, written as in tests/e2e/access_states.py."""

from typing import NamedTuple

from tests.e2e.access_states import State

# Width and height of a phone, a tablet, a notebook and a large screen.
SCREENS = {360: 740, 768: 1024, 1280: 800, 1920: 1080}
SCHEMES = ("light", "dark")

# A name, which gives the file its name; then the state. `tall`: as high as all that the panel has. Looks as in
# static/js/ui/kit/appearance.js.
TABLE = """
welcome            fresh      #/
sign_up            fresh      #/  create-account
recovery_key       recovery   #/
ways_in            fresh      #/  have-account
link_by_code       link_new   #/  have-account choice-link link-code=abcd link-submit wait:link-short-code
locked             locked     #/
empty              empty      #/
conversation       many       #/c/c_alice
contact            many       #/c/c_alice/contact
stopped            many       #/c/c_tomas
new_conversation   many       #/  new-conversation make-invitation
found              many       #/  search=cab
settings           many       #/settings  tall
messages           messages   #/c/c_alice
more_contrast      messages   #/c/c_alice  contrast:more
compact            messages   #/c/c_alice  density:compact
files              files      #/c/c_alice
group              group      #/c/g_boat/contact
notes              notes      #/c/c_notes
alarm              split      #/
"""


class Picture(NamedTuple):
    """A state that pictures are taken of."""

    name: str
    state: State
    looks: dict[str, str]
    tall: bool
    schemes: list[str]
    """One for each screen, in the order of these."""


def every_picture() -> list[Picture]:
    """Return all of them; half of the screens are light and half dark, other ones with each line."""
    pictures = []
    for number, line in enumerate(TABLE.strip().splitlines()):
        name, scene, route, *rest = line.split()
        looks = dict(one.split(":") for one in rest if one.startswith(("contrast:", "density:")))
        steps = [one for one in rest if one != "tall" and one.partition(":")[0] not in looks]
        schemes = [SCHEMES[(number + screen) % 2] for screen in range(len(SCREENS))]
        pictures.append(Picture(name, State(scene, route, steps), looks, "tall" in rest, schemes))
    return pictures
