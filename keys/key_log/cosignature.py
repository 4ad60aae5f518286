"""Cosignatures (C2SP tlog-cosignature, Ed25519): who signs a checkpoint says when they saw it, and no larger one.

Their keys sign nothing else: what is signed does not say whose name goes with it.
"""

import hashlib
from dataclasses import dataclass
from urllib.parse import urlsplit

from keys import ed25519, labels
from keys.key_log import note
from keys.key_log.note import Note, Signature

COSIGNATURE = 4
TIME_BYTES = 8
BODY_BYTES = TIME_BYTES + 64
# Times beyond are none that every reader knows exactly as milliseconds.
LATEST = (2**53 - 1) // 1000


@dataclass(frozen=True)
class Witness:
    """A key (32 bytes) by which cosignatures are verified, and the name that goes with it."""

    name: str
    key: bytes

    @property
    def key_id(self) -> bytes:
        """The 4 bytes by which its signatures are found."""
        return note.key_id(self.name, COSIGNATURE, self.key)

    @property
    def vkey(self) -> str:
        """The key as text, for people and settings."""
        return note.write_key(self.name, COSIGNATURE, self.key)


@dataclass(frozen=True)
class Cosigner:
    """A name and the private key (32 bytes) that cosigns under it."""

    name: str
    seed: bytes

    @property
    def witness(self) -> Witness:
        """What others check with."""
        return Witness(self.name, ed25519.public_key(self.seed))


def read_witness(text: str) -> Witness:
    """Return the witness that a verifier key of type 0x04 says. Raises KeyLogInvalid."""
    return Witness(*note.read_key(text, COSIGNATURE))


def log_cosigner(origin: str, secret: str) -> Cosigner:
    """Return who cosigns for the server of a web origin; `secret` is the setting KEYLOG_KEY."""
    seed = hashlib.sha256(labels.label("key log witness") + secret.encode()).digest()
    return Cosigner(urlsplit(origin).netloc + "/keylog/witness", seed)


def cosign(text: str, time: int, cosigner: Cosigner) -> Signature:
    """Return the line that says: at `time`, unix seconds, this was the largest checkpoint that we had seen."""
    signed = ed25519.sign(cosigner.seed, _signed(text, time))
    return Signature(cosigner.name, cosigner.witness.key_id, time.to_bytes(TIME_BYTES, "big") + signed)


def is_of(signature: Signature, witness: Witness) -> bool:
    """Say whether a line claims to be this witness's and is long enough to be; nothing is verified."""
    claims = (signature.name, signature.key_id) == (witness.name, witness.key_id)
    return claims and len(signature.body) == BODY_BYTES


def time_of(signature: Signature) -> int:
    """Return when a line that `is_of` a witness says it was made, unix seconds."""
    return int.from_bytes(signature.body[:TIME_BYTES], "big")


def newest_cosignature(found: Note, witness: Witness) -> Signature | None:
    """Return the newest line of this witness that holds; None when there is none."""
    lines = [one for one in found.signatures if is_of(one, witness) and _holds(one, found.text, witness)]
    return max(lines, key=time_of, default=None)


def _holds(signature: Signature, text: str, witness: Witness) -> bool:
    time = time_of(signature)
    return time <= LATEST and ed25519.verify(witness.key, signature.body[TIME_BYTES:], _signed(text, time))


def _signed(text: str, time: int) -> bytes:
    return f"cosignature/v1\ntime {time}\n{text}".encode()
