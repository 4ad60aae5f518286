"""What pictures are taken of: scenes of tests/js/support/scenes.js, written as in tests/e2e/access_states.py."""

from typing import NamedTuple

from tests.e2e.access_states import State

# Width and height of a phone, a tablet, a notebook and a large screen.
SCREENS = {360: 740, 768: 1024, 1280: 800, 1920: 1080}
SCHEMES = ("light", "dark")

# A name, which gives the file its name; then the state. `tall`: as high as all that the panel has. Looks as in
# static/js/ui/kit/appearance.js. `wait:` for something to be there.
TABLE = """
welcome            fresh      #/
sign_up            fresh      #/  create-account
recovery_key       recovery   #/
ways_in            fresh      #/  have-account
link_by_code       link_new   #/  have-account choice-link link-code=abcd link-submit wait:link-short-code
locked             locked     #/
empty              empty      #/  wait:main
conversation       many       #/c/c_alice  wait:message
contact            many       #/c/c_alice/contact  wait:safety-group
stopped            many       #/c/c_tomas  wait:message
new_conversation   many       #/  new-conversation make-invitation wait:invitation-link
found              many       #/  search=cab wait:found-item
settings           many       #/settings  wait:known-row tall
messages           messages   #/c/c_alice  wait:message
more_contrast      messages   #/c/c_alice  wait:message contrast:more
compact            messages   #/c/c_alice  wait:message density:compact
files              files      #/c/c_alice  wait:message
group              group      #/c/g_boat/contact  wait:message wait:member
notes              notes      #/c/c_notes  wait:message
alarm              split      #/  wait:log-alarm
"""

# What docs/guide_for_people.md and the README show, on a phone and on a wide screen.
GUIDES = """
welcome            fresh            #/
sign_up            fresh            #/  create-account username=maya
recovery_key       recovery         #/
first_screen       empty            #/
invite             shown            #/  new-conversation make-invitation wait:invitation-link
invited            shown            #i=abc  wait:open-invitation-confirm
conversation       shown            #/c/c_alice  wait:message
verify             shown_unverified #/c/c_alice/contact  wait:safety-group
changed            shown_changed    #/c/c_tomas  wait:message
group              shown            #/c/g_boat/contact  wait:message wait:member
picture            shown            #/c/c_alice  wait:file-image wait:pictures file-picture wait:viewer-picture
second_device      shown_link       #/settings  link-device link-start wait:link-dialog-short-code
here               link_new         #/  have-account choice-link link-code=abcd link-submit wait:link-short-code
locked             shown_locked     #/
lost_device        shown            #/settings  device-open wait:device-code
delete_account     shown            #/settings  delete-account
"""
GUIDE_SCREENS = {"phone": (360, 740), "wide": (1280, 800)}


class Picture(NamedTuple):
    """A state that pictures are taken of."""

    name: str
    state: State
    looks: dict[str, str]
    tall: bool
    schemes: list[str]
    """One for each screen, in the order of these."""


def every_picture(table: str = TABLE) -> list[Picture]:
    """Return all of them; half of the screens are light and half dark, other ones with each line."""
    pictures = []
    for number, line in enumerate(table.strip().splitlines()):
        name, scene, route, *rest = line.split()
        looks = dict(one.split(":") for one in rest if one.startswith(("contrast:", "density:")))
        steps = [one for one in rest if one != "tall" and one.partition(":")[0] not in looks]
        schemes = [SCHEMES[(number + screen) % 2] for screen in range(len(SCREENS))]
        pictures.append(Picture(name, State(scene, route, steps), looks, "tall" in rest, schemes))
    return pictures
