"""A release's signature: a signed note (C2SP signed-note) that names a version and the hash of its manifest.

Whoever releases has the key, in a file; a server needs none.
"""

import secrets

from keys.key_log.errors import KeyLogInvalid
from keys.key_log.note import (
    ED25519,
    Signer,
    Verifier,
    from_base64,
    is_name,
    is_signed_by,
    key_id,
    read_note,
    sign_note,
    to_base64,
)

FIRST_LINE = "talk2me/release/1"
# As Go's sumdb/note writes private keys, so that keys made by its tools can be used.
PRIVATE = "PRIVATE+KEY+"


def make_key(name: str) -> Signer:
    """Return a fresh key under that name. Raises KeyLogInvalid for what is no name of a key."""
    if not is_name(name):
        raise KeyLogInvalid
    return Signer(name, secrets.token_bytes(32))


def write_private_key(signer: Signer) -> str:
    """Return the key as text, to be kept secret."""
    return f"{PRIVATE}{signer.name}+{signer.verifier.key_id.hex()}+{to_base64(bytes([ED25519]) + signer.seed)}"


def read_private_key(text: str) -> Signer:
    """Return the key that such a text holds. Raises KeyLogInvalid."""
    name, _, rest = text.removeprefix(PRIVATE).partition("+")
    hashed, _, encoded = rest.partition("+")
    key = from_base64(encoded)
    if not text.startswith(PRIVATE) or not is_name(name) or len(key) != 33 or key[0] != ED25519:
        raise KeyLogInvalid
    signer = Signer(name, key[1:])
    if key_id(name, ED25519, signer.verifier.key).hex() != hashed:
        raise KeyLogInvalid
    return signer


def sign(version: str, digest: str, signer: Signer) -> str:
    """Return the note for a manifest whose SHA-256 is `digest`, in hex."""
    return sign_note(_statement(version, digest), signer)


def is_signed(note: str, version: str, digest: str, verifier: Verifier) -> bool:
    """Say whether the note is this key's word for this very manifest; False for anything else."""
    try:
        read = read_note(note)
        return read.text == _statement(version, digest) and is_signed_by(read, verifier)
    except KeyLogInvalid:
        return False


def _statement(version: str, digest: str) -> str:
    return f"{FIRST_LINE}\n{version}\n{digest}\n"
