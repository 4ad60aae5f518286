"""The states of the interface that are looked at: scenes of tests/js/support/scenes.js, and below each what it shows.

That begins with an address. Steps lead on from there: the name of what is clicked, `name:action` where several have the
name, `name=words` for what is filled in, `!Key` for what is pressed. Before the next line Esc closes what is open.
"""

from typing import NamedTuple

TABLE = """
fresh
  #/
  #/  create-account
  #/  sign-up-submit
  #/  sign-up-back have-account
  #/  choice-link
  #/  link-submit
  #/  link-back choice-recover
  #/  recover-submit
  #/  recover-start-over
  #/  start-over-by-code
  #/  start-over-back recover-back choice-passkey
  #/  passkey-back choice-import
  #/  import-submit
cleared
  #/
unsupported
  #/
link_new
  #/  have-account choice-link link-code=abcd link-submit
lost_devices
  #/
locked
  #/
  #/  unlock-passphrase=wrong unlock
  #/  lock-forgot
locked_passkey
  #/
invite_only
  #/  create-account
recovery
  #/
  #/  recovery-continue
  #/  recovery-submit
empty
  #/
  #/  new-conversation
  #/  new-conversation make-invitation
many
  #/
  #/  search=cab
  #/  search=nobody.has.it
  #/  search= new-conversation find-username=x find-submit
  #i=abc
  #/c/c_alice
  #/c/c_alice/contact
  #/c/c_alice/contact  block
  #/c/c_kofi
  #/c/c_kofi  report-request
  #/c/c_tomas
  #/c/c_tomas  accept-identity
  #/c/c_tomas/contact
  #/c/c_junwatanabe
  #/c/c_sam
  #/c/c_long
  #/settings
  #/settings  shortcuts-open
  #/settings  link-device
  #/settings  device-open
  #/settings  recovery-check
  #/settings  recovery-new
  #/settings  passkey-add
  #/settings  passkey-remove
  #/settings  archive-on
  #/settings  lock-set
  #/settings  known-open
  #/settings  delete-account
  #/settings  erase
link
  #/settings  link-device link-start
lock_set
  #/settings
  #/settings  lock-remove
restoring
  #/
  #/settings
reminder
  #/
announced
  #/settings
reset_announced
  #/settings
unsafe
  #/
  #/settings
  #/settings  erase
device_alerts
  #/
offline
  #/
view
  #/settings
account_deleted
  #/c/c_ingrid
alert
  #/
full
  #/
split
  #/
  #/  log-restart
own_account
  #/
broken_seen
  #/c/c_junwatanabe
  #/settings
frozen
  #/c/c_junwatanabe
unwitnessed
  #/
clock_behind
  #/
log_new
  #/settings
messages
  #/c/c_alice
  #/c/c_alice  message
  #/c/c_alice  tool-more
  #/c/c_alice  tool-react
  #/c/c_alice  tool-react all-emoji
  #/c/c_alice  reaction
  #/c/c_alice  composer-emoji
  #/c/c_alice  composer-input !ArrowUp
  #/c/c_alice  message tool-more menu-item:reply
  #/c/c_alice  message tool-more menu-item:details
  #/c/c_alice  message tool-more menu-item:forward
  #/c/c_alice  message tool-more menu-item:delete_own
texts
  #/c/c_alice
typing
  #/c/c_alice
group
  #/c/g_boat
  #/c/g_boat  composer-input=@
  #/c/g_boat/contact
  #/c/g_boat/contact  member
  #/c/g_boat/contact  group-link-make
  #/c/g_boat/contact  group-edit
  #/c/g_boat/contact  group-add
  #/c/g_boat/contact  group-leave
  #/  new-conversation new-group
group_member
  #/c/g_boat/contact
group_request
  #/c/g_boat
group_quiet
  #/c/g_boat
group_removed
  #/c/g_boat
group_messages
  #/c/g_boat
group_notices
  #/c/g_boat
group_given
  #/c/g_boat
notes
  #/c/c_notes
  #/c/c_notes/contact
files
  #/c/c_alice
  #/c/c_alice  file-picture
"""


class State(NamedTuple):
    """Something that the page can show."""

    scene: str
    route: str
    steps: list[str]

    def __str__(self) -> str:
        return " ".join([self.scene, self.route, *self.steps])


def every_state() -> dict[str, list[State]]:
    """Return the states by their scene."""
    states: dict[str, list[State]] = {}
    for line in TABLE.strip().splitlines():
        if line.startswith(" "):
            scene = next(reversed(states))
            route, *steps = line.split()
            states[scene].append(State(scene, route, steps))
        else:
            states[line] = []
    return states
