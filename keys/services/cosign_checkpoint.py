"""As a witness: signing what another server's log has grown to (C2SP tlog-witness, add-checkpoint)."""

import logging
import time

from django.db import transaction

from keys import log_key, witness_settings
from keys.key_log import note, tree
from keys.key_log.checkpoint import Checkpoint
from keys.key_log.cosignature import cosign
from keys.key_log.errors import KeyLogInvalid
from keys.key_log.submission import Submission, read_any_checkpoint, read_submission
from keys.models import WitnessedLog
from talk2me.errors import BadRequest, NotFound

logger = logging.getLogger(__name__)
EMPTY_ROOT = tree.fold([])


class NotSigned(Exception):
    """No key of this log that we know has signed the checkpoint."""


class NotProven(Exception):
    """The proof does not lead from what was last signed here to the checkpoint."""


class NotNext(Exception):
    """It does not start from the `size` that was last signed here, or is another checkpoint of that size."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.size = size


def cosign_checkpoint(body: bytes) -> str:
    """Return our signature line, once what it is about is stored.

    Raises BadRequest, NotFound for a log that is not witnessed here, NotSigned, NotNext or NotProven.
    """
    try:
        submission = read_submission(body)
        found = note.read_note(submission.signed)
        checkpoint = read_any_checkpoint(found.text)
    except KeyLogInvalid as error:
        raise BadRequest from error
    _require_signature(found, checkpoint.origin)
    if submission.old > checkpoint.size:
        raise BadRequest
    with transaction.atomic(durable=True):
        _advance(submission, checkpoint)
        # While nobody else can advance it: the time says that we knew of nothing larger then.
        line = cosign(found.text, int(time.time()), log_key.cosigner())
    return note.write_line(line)


def _require_signature(found: note.Note, origin: str) -> None:
    verifiers = witness_settings.witnessed_logs().get(origin)
    if verifiers is None:
        raise NotFound
    try:
        signed = [note.is_signed_by(found, verifier) for verifier in verifiers]
    except KeyLogInvalid as error:
        raise NotSigned from error
    if not any(signed):
        raise NotSigned


def _advance(submission: Submission, checkpoint: Checkpoint) -> None:
    """Store the checkpoint as the last one signed, if it continues the one before. Its row stays locked."""
    start = {"size": 0, "root": EMPTY_ROOT}
    row, _ = WitnessedLog.objects.select_for_update().get_or_create(origin=checkpoint.origin, defaults=start)
    if submission.old != row.size:
        raise NotNext(row.size)
    if checkpoint.size == row.size and checkpoint.root != row.root:
        logger.warning("a log that is witnessed here has signed two trees of one size: %s", checkpoint.origin)
        raise NotNext(row.size)
    if not tree.verify_consistency(row.size, checkpoint.size, submission.proof, row.root, checkpoint.root):
        raise NotProven
    if checkpoint.size > row.size:
        row.size, row.root = checkpoint.size, checkpoint.root
        row.save(update_fields=["size", "root"])
