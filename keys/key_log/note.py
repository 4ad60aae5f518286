"""Signed notes (C2SP signed-note): a text and lines of signatures below it."""

import base64
import binascii
import hashlib
import unicodedata
from dataclasses import dataclass

from keys import ed25519
from keys.key_log.errors import KeyLogInvalid

ED25519 = 1
MOST_SIGNATURES = 100
MOST_CHARACTERS = 64 * 1024
DASH = "\u2014 "


@dataclass(frozen=True)
class Signature:
    """One line: `key_id` has 4 bytes, and `body` what that kind of key signs with, of Ed25519 64 bytes."""

    name: str
    key_id: bytes
    body: bytes


@dataclass(frozen=True)
class Note:
    """`text` ends with a newline."""

    text: str
    signatures: tuple[Signature, ...]


@dataclass(frozen=True)
class Verifier:
    """An Ed25519 key (32 bytes) and the name that goes with it."""

    name: str
    key: bytes

    @property
    def key_id(self) -> bytes:
        """The 4 bytes by which its signatures are found."""
        return key_id(self.name, ED25519, self.key)

    @property
    def vkey(self) -> str:
        """The key as text, for people and settings."""
        return write_key(self.name, ED25519, self.key)


@dataclass(frozen=True)
class Signer:
    """A name and the private key (32 bytes) that signs under it."""

    name: str
    seed: bytes

    @property
    def verifier(self) -> Verifier:
        """What others check with."""
        return Verifier(self.name, ed25519.public_key(self.seed))


def key_id(name: str, kind: int, key: bytes) -> bytes:
    """Return the 4 bytes that tell keys of one name apart; `kind` is the signature type."""
    return hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + key).digest()[:4]


def read_vkey(text: str) -> Verifier:
    """Return the verifier that `<name>+<hash>+<base64>` says. Raises KeyLogInvalid."""
    return Verifier(*read_key(text, ED25519))


def read_key(text: str, kind: int) -> tuple[str, bytes]:
    """Return the name and the Ed25519 key of a verifier key of that signature type. Raises KeyLogInvalid."""
    # The hash and the key hold no plus sign before the last one that the base64 may have.
    name, _, rest = text.partition("+")
    hashed, _, encoded = rest.partition("+")
    key = from_base64(encoded)
    if not is_name(name) or len(key) != 33 or key[0] != kind or not ed25519.is_acceptable(key[1:]):
        raise KeyLogInvalid
    if key_id(name, kind, key[1:]).hex() != hashed:
        raise KeyLogInvalid
    return name, key[1:]


def write_key(name: str, kind: int, key: bytes) -> str:
    """Return the verifier key as text."""
    return f"{name}+{key_id(name, kind, key).hex()}+{to_base64(bytes([kind]) + key)}"


def read_note(note: str) -> Note:
    """Return the parts of a signed note, no signature being verified. Raises KeyLogInvalid."""
    text, parting, lines = note.rpartition("\n\n")
    if not parting or not text or not lines.endswith("\n") or len(note) > MOST_CHARACTERS or not _is_plain(note):
        raise KeyLogInvalid
    signatures = tuple(_signature(line) for line in lines[:-1].split("\n"))
    if len(signatures) > MOST_SIGNATURES:
        raise KeyLogInvalid
    return Note(text + "\n", signatures)


def write_note(note: Note) -> str:
    """Return the note as it is sent."""
    return note.text + "\n" + "".join(map(write_line, note.signatures))


def write_line(signature: Signature) -> str:
    """Return one line of a note, with its newline."""
    return f"{DASH}{signature.name} {to_base64(signature.key_id + signature.body)}\n"


def sign_note(text: str, signer: Signer) -> str:
    """Return `text`, which ends with a newline, with our signature below."""
    signature = Signature(signer.name, signer.verifier.key_id, ed25519.sign(signer.seed, text.encode()))
    return write_note(Note(text, (signature,)))


def is_signed_by(note: Note, verifier: Verifier) -> bool:
    """Say whether the verifier's key has signed; False where it did not. Raises KeyLogInvalid for a wrong signature."""
    lines = [one for one in note.signatures if (one.name, one.key_id) == (verifier.name, verifier.key_id)]
    if not all(ed25519.verify(verifier.key, one.body, note.text.encode()) for one in lines):
        raise KeyLogInvalid
    return bool(lines)


def is_name(text: str) -> bool:
    """Say whether `text` can name a key: something without spaces and plus signs."""
    return bool(text) and "+" not in text and not any(one.isspace() for one in text) and _is_plain(text)


def to_base64(data: bytes) -> str:
    """Return standard base64 with padding."""
    return base64.b64encode(data).decode("ascii")


def from_base64(text: str) -> bytes:
    """Return the bytes of standard base64. Raises KeyLogInvalid for any other text than `to_base64` would make."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise KeyLogInvalid from error
    if to_base64(data) != text:
        raise KeyLogInvalid
    return data


def _signature(line: str) -> Signature:
    name, _, encoded = line.removeprefix(DASH).partition(" ")
    data = from_base64(encoded)
    if not line.startswith(DASH) or not is_name(name) or len(data) < 5:
        raise KeyLogInvalid
    return Signature(name, data[:4], data[4:])


def _is_plain(text: str) -> bool:
    """Say whether there are no control characters but newlines, and nothing that UTF-8 can't hold."""
    return all(one == "\n" or unicodedata.category(one) not in ("Cc", "Cs") for one in text)
