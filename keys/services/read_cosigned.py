"""What the log shows of what its witnesses have signed."""

import time

from keys import witness_settings
from keys.key_log import note
from keys.key_log.cosigned import best
from keys.models import CosignedCheckpoint
from talk2me.errors import NotFound


def read_cosigned() -> str:
    """Return the checkpoint that most witnesses have lately signed, with their lines. Raises NotFound."""
    witnesses = [one.witness for one in witness_settings.witnesses()]
    rows = CosignedCheckpoint.objects.order_by("-size").values_list("note", flat=True)
    found = best([note.read_note(text) for text in rows], witnesses, int(time.time()))
    if found is None:
        raise NotFound
    return note.write_note(found)
