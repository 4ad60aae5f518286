"""Bytes as text: base64url without padding, and only its canonical form (docs/protocol.md)."""

import base64
import binascii
import re

ALPHABET = re.compile(r"[A-Za-z0-9_-]*")


def encode(data: bytes) -> str:
    """Return the text of `data`."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def decode(text: str, size: int | None = None) -> bytes:
    """Return the bytes of `text`, `size` of them if given; ValueError for any other text than `encode` would make."""
    if not ALPHABET.fullmatch(text):
        raise ValueError
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error as error:
        raise ValueError from error
    if encode(data) != text or (size is not None and len(data) != size):
        raise ValueError
    return data
