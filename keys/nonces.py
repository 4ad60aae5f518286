"""Challenges that store nothing: each carries its own end and a tag of ours, bound to what it was given for."""

import hmac
import secrets
import time

from django.utils.crypto import salted_hmac

SECONDS = 120
BYTES = 56


class Spent(Exception):
    """This nonce has given its token."""


def make_nonce(purpose: str, about: bytes, seconds: int = SECONDS) -> bytes:
    """Return a nonce of 56 bytes, good for `seconds` and for nothing but `purpose` and what it is `about`."""
    plain = secrets.token_bytes(16) + (int(time.time()) + seconds).to_bytes(8, "big")
    return plain + _tag(purpose, about, plain)


def is_ours(purpose: str, about: bytes, nonce: bytes) -> bool:
    """Say whether `make_nonce` gave `nonce` for the same, and its time has not passed."""
    if len(nonce) != BYTES:
        return False
    plain, tag = nonce[:24], nonce[24:]
    return hmac.compare_digest(tag, _tag(purpose, about, plain)) and time.time() < int.from_bytes(plain[16:])


def _tag(purpose: str, about: bytes, plain: bytes) -> bytes:
    return salted_hmac(f"keys.{purpose}", about + plain, algorithm="sha256").digest()
