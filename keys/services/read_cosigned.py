"""What witnesses have signed of this log, and which of it the log shows."""

import time

from keys import log_key, witness_settings
from keys.key_log import note
from keys.key_log.checkpoint import Checkpoint, open_checkpoint
from keys.key_log.cosigned import best
from keys.key_log.errors import KeyLogInvalid
from keys.key_log.note import Note
from keys.models import CosignedCheckpoint
from talk2me.errors import NotFound


def stored_notes() -> list[tuple[Checkpoint, Note]]:
    """Return what is stored, largest first; not what another key of the log has signed."""
    found = []
    for text in CosignedCheckpoint.objects.order_by("-size").values_list("note", flat=True):
        try:
            found.append((open_checkpoint(text, log_key.signer().verifier), note.read_note(text)))
        except KeyLogInvalid:
            continue
    return found


def read_cosigned() -> str:
    """Return the checkpoint that most witnesses have lately signed, with their lines. Raises NotFound."""
    witnesses = [one.witness for one in witness_settings.witnesses()]
    found = best([one for _, one in stored_notes()], witnesses, int(time.time()))
    if found is None:
        raise NotFound
    return note.write_note(found)
