"""Checkpoints: what the log signs of itself (docs/key_log.md 3)."""

import hashlib
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from keys import labels
from keys.key_log import note
from keys.key_log.errors import KeyLogInvalid, LogKeyChanged
from keys.key_log.leaf import LARGEST

NUMBER = re.compile(r"[1-9][0-9]{0,15}")


@dataclass(frozen=True)
class Checkpoint:
    """`root` is of the tree of the first `size` leaves of the log `origin`."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{note.to_base64(self.root)}\n"


def log_signer(origin: str, secret: str) -> note.Signer:
    """Return who signs the log of a web origin; `secret` is the setting KEYLOG_KEY."""
    seed = hashlib.sha256(labels.label("key log") + secret.encode()).digest()
    return note.Signer(urlsplit(origin).netloc + "/keylog/1", seed)


def read_checkpoint(text: str) -> Checkpoint:
    """Return what the three lines say. Raises KeyLogInvalid, also for an empty tree: no log is without its genesis."""
    lines = text.split("\n")
    if len(lines) != 4 or lines[3] or not note.is_name(lines[0]) or not NUMBER.fullmatch(lines[1]):
        raise KeyLogInvalid
    size, root = int(lines[1]), note.from_base64(lines[2])
    if size > LARGEST or len(root) != 32:
        raise KeyLogInvalid
    return Checkpoint(lines[0], size, root)


def sign_checkpoint(size: int, root: bytes, signer: note.Signer) -> str:
    """Return the signed note. Only for what has committed: a signature can't be taken back."""
    return note.sign_note(Checkpoint(signer.name, size, root).text, signer)


def open_checkpoint(signed: str, verifier: note.Verifier) -> Checkpoint:
    """Return what the log has signed. Raises KeyLogInvalid, or LogKeyChanged for another name or other keys only."""
    found = note.read_note(signed)
    checkpoint = read_checkpoint(found.text)
    if checkpoint.origin != verifier.name or not note.is_signed_by(found, verifier):
        raise LogKeyChanged
    return checkpoint
