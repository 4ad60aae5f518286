"""As a log: asking witnesses to sign its newest checkpoint. Runs in the jobs' process, where others do not wait for it.

One checkpoint a turn goes to all of them, since browsers count signatures on one. What they sign is shown by
`GET key_log/checkpoint?cosigned=1` (keys.key_log.cosigned says which).
"""

import logging
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Literal

from django.db import transaction

from keys import log_key, witness_client, witness_settings
from keys.key_log import cosigned, note, tree
from keys.key_log.checkpoint import Checkpoint, open_checkpoint
from keys.key_log.cosignature import newest_cosignature, time_of
from keys.key_log.note import Note, Signature
from keys.key_log.submission import Submission, read_size, write_submission
from keys.log_storage.tables import TABLES, read_nodes
from keys.models import CosignedCheckpoint
from keys.services.read_cosigned import stored_notes
from keys.services.read_key_log import read_checkpoint
from keys.witness_client import Reply
from keys.witness_settings import Asked
from talk2me import metrics

logger = logging.getLogger(__name__)

# A log that does not grow is signed again after so long: browsers count a cosignature for 26 hours.
AGAIN_SECONDS = 6 * 3600
# A witness whose clock is further off would be counted too long, or not at all.
CLOCK_SECONDS = 3600

# Why a witness has not signed: no answer; one that is no signature; what it knows of this log is larger than, or does
# not lead to, what it was shown; a line that does not hold; a time that is not now.
Why = Literal["unreachable", "refused", "history", "signature", "clock"]
# As it was at the last turn of this process, so that only changes are told.
_silent: dict[str, Why] = {}


@dataclass
class Gathered:
    """What a turn brought: of which size, who has signed now, and who has not."""

    size: int = 0
    signed: dict[Asked, Signature] = field(default_factory=dict)
    silent: dict[Asked, Why] = field(default_factory=dict)


def gather_cosignatures() -> Gathered:
    """Send the newest checkpoint to every witness that has not signed it, or not for 6 hours; store what they say."""
    witnesses = witness_settings.witnesses()
    if not witnesses:
        return Gathered()
    signed = read_checkpoint()
    head = open_checkpoint(signed, log_key.signer().verifier)
    rows, now = _rows(head), int(time.time())
    latest = rows.get(head.size) or note.read_note(signed)
    due = [one for one in witnesses if now - cosigned.signed_at(latest, one.witness) >= AGAIN_SECONDS]
    gathered = _gather({one: _last_size(one, rows) for one in due}, head, signed)
    if gathered.signed:
        _store(head, signed, list(gathered.signed.values()), now)
    _tell(gathered.silent)
    return gathered


def _rows(head: Checkpoint) -> dict[int, Note]:
    """Return what is stored of this log, largest first; not what is not of its past, should it have been put back."""
    return {one.size: found for one, found in stored_notes() if one.size < head.size or one == head}


def _last_size(asked: Asked, rows: Mapping[int, Note]) -> int:
    return next((size for size, found in rows.items() if cosigned.signed_at(found, asked.witness)), 0)


def _gather(due: Mapping[Asked, int], head: Checkpoint, signed: str) -> Gathered:
    """Ask everyone from the size that we think they know, and once more from the one that they name."""
    gathered = Gathered(head.size)
    replies = _ask(due, head, signed)
    behind = {one: size for one, reply in replies.items() if (size := _named_size(reply)) is not None}
    replies |= _ask({one: size for one, size in behind.items() if size <= head.size}, head, signed)
    for one, reply in replies.items():
        found = _judge(one, reply, signed)
        if isinstance(found, Signature):
            gathered.signed[one] = found
        else:
            gathered.silent[one] = found
    return gathered


def _ask(asked: Mapping[Asked, int], head: Checkpoint, signed: str) -> dict[Asked, Reply | None]:
    """Return each one's answer, None where there is none; all at once, so that one that hangs holds up no other."""
    if not asked:
        return {}
    bodies = {one: write_submission(Submission(old, _proof(old, head.size), signed)) for one, old in asked.items()}

    def send(one: Asked) -> Reply | None:
        try:
            return witness_client.post(f"{one.prefix}/add-checkpoint", bodies[one])
        except OSError:
            return None

    with ThreadPoolExecutor(len(bodies)) as threads:
        return dict(zip(bodies, threads.map(send, bodies), strict=True))


def _proof(old: int, size: int) -> list[bytes]:
    return tree.read(tree.consistency_plan(old, size), lambda numbers: read_nodes(TABLES, set(numbers)))


def _named_size(reply: Reply | None) -> int | None:
    """Return the size that a witness says it knows; None when it says none."""
    if reply is None or reply.status != 409:
        return None
    try:
        return read_size(reply.body.decode("ascii").removesuffix("\n"))
    except ValueError:  # KeyLogInvalid and UnicodeDecodeError are such
        return None


def _judge(asked: Asked, reply: Reply | None, signed: str) -> Signature | Why:
    if reply is None:
        return "unreachable"
    if reply.status != 200:
        return "history" if reply.status in (409, 422) else "refused"
    try:
        line = newest_cosignature(note.read_note(signed + reply.body.decode()), asked.witness)
    except ValueError:
        return "signature"
    if line is None:
        return "signature"
    return line if abs(time_of(line) - time.time()) <= CLOCK_SECONDS else "clock"


def _store(head: Checkpoint, signed: str, lines: list[Signature], now: int) -> None:
    """Add the lines to the note of the head, and forget what nobody will be shown any more."""
    witnesses = [one.witness for one in witness_settings.witnesses()]
    with transaction.atomic():
        CosignedCheckpoint.objects.select_for_update().get_or_create(size=head.size, defaults={"note": signed})
        # Read with the row locked: somebody may have added lines by hand meanwhile.
        before = _rows(head).get(head.size) or note.read_note(signed)
        after = note.write_note(cosigned.with_lines(before, lines))
        CosignedCheckpoint.objects.filter(size=head.size).update(note=after)
        rows = _rows(head)
        kept = cosigned.useful(list(rows.values()), witnesses, now)
        CosignedCheckpoint.objects.exclude(size__in=[size for size, one in rows.items() if one in kept]).delete()


def _tell(silent: Mapping[Asked, Why]) -> None:
    """Count those who have not signed, and log who begins or ends to be silent."""
    metrics.witnesses_silent.set(len(silent))
    found = {one.witness.name: why for one, why in silent.items()}
    for name, why in found.items():
        if _silent.get(name) != why:
            logger.warning("a witness does not sign the key log: %s", name, extra={"code": why})
    for name in _silent.keys() - found.keys():
        logger.info("a witness signs the key log again: %s", name)
    _silent.clear()
    _silent.update(found)
