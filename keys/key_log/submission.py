"""What a log sends to a witness (C2SP tlog-witness, add-checkpoint): how far it has grown, and the proof of it."""

import re
from dataclasses import dataclass

from keys.key_log import note
from keys.key_log.checkpoint import Checkpoint
from keys.key_log.errors import KeyLogInvalid
from keys.key_log.leaf import LARGEST

MOST_HASHES = 63
MOST_BYTES = note.MOST_CHARACTERS + 64 * (MOST_HASHES + 1)
NUMBER = re.compile(r"0|[1-9][0-9]{0,15}")


@dataclass(frozen=True)
class Submission:
    """`old`: the size that the witness is thought to know; `proof` leads from there to the checkpoint `signed`."""

    old: int
    proof: list[bytes]
    signed: str


def write_submission(submission: Submission) -> bytes:
    """Return the body of the request."""
    lines = [f"old {submission.old}", *map(note.to_base64, submission.proof)]
    return ("\n".join(lines) + "\n\n" + submission.signed).encode()


def read_submission(body: bytes) -> Submission:
    """Return what the body of a request says, nothing of it being verified. Raises KeyLogInvalid."""
    try:
        head, parting, signed = body.decode().partition("\n\n")
    except UnicodeDecodeError as error:
        raise KeyLogInvalid from error
    first, *lines = head.split("\n")
    if not parting or not first.startswith("old ") or len(lines) > MOST_HASHES:
        raise KeyLogInvalid
    proof = [note.from_base64(line) for line in lines]
    if any(len(one) != 32 for one in proof):
        raise KeyLogInvalid
    return Submission(read_size(first.removeprefix("old ")), proof, signed)


def read_size(text: str) -> int:
    """Return a size as logs and witnesses write it. Raises KeyLogInvalid."""
    if not NUMBER.fullmatch(text) or int(text) > LARGEST:
        raise KeyLogInvalid
    return int(text)


def read_any_checkpoint(text: str) -> Checkpoint:
    """Return what a checkpoint of any log says (C2SP tlog-checkpoint). Raises KeyLogInvalid.

    Other logs than ours may be empty, have names with spaces, and lines of their own behind the three.
    """
    origin, *lines = text.removesuffix("\n").split("\n")
    if not text.endswith("\n") or len(lines) < 2 or not all((origin, *lines)):
        raise KeyLogInvalid
    size, root = read_size(lines[0]), note.from_base64(lines[1])
    if len(root) != 32:
        raise KeyLogInvalid
    return Checkpoint(origin, size, root)
