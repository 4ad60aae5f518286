"""Codes that change every 30 seconds (RFC 6238), and the seal of the secret they come from.

The only module here that knows a crypto library.
"""

import base64
import hmac
import os

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.utils.crypto import salted_hmac

STEP_SECONDS = 30
# The clock of a phone may be wrong by one step.
TOLERANCE = 1


def make_secret() -> bytes:
    """Return a new secret of 20 bytes."""
    return os.urandom(20)


def as_text(secret: bytes) -> str:
    """Return the secret as people type it into an app: base32, in groups of four."""
    text = base64.b32encode(secret).decode()
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def as_address(secret: bytes, operator: str, server: str) -> str:
    """Return what apps read from a QR code: `otpauth://totp/...`."""
    return _totp(secret).get_provisioning_uri(operator, server)


def code_at(secret: bytes, now: float) -> str:
    """Return the code of that moment: six digits."""
    return _totp(secret).generate(int(now)).decode()


def step_of(secret: bytes, code: str, now: float) -> int | None:
    """Return the step of time that `code` belongs to; None for a wrong code or one of another time."""
    present, found = int(now) // STEP_SECONDS, None
    for step in range(present - TOLERANCE, present + TOLERANCE + 1):
        if hmac.compare_digest(code_at(secret, step * STEP_SECONDS).encode(), code.encode()):
            found = step
    return found


def seal(secret: bytes) -> bytes:
    """Return the secret as the database holds it."""
    return _sealer().encrypt(secret)


def unseal(sealed: bytes) -> bytes | None:
    """Return the secret; None if it was sealed under another SECRET_KEY."""
    try:
        return _sealer().decrypt(sealed)
    except InvalidToken:
        return None


def _totp(secret: bytes) -> TOTP:
    # SHA-1, since several apps know no other; it is no weakness in an HMAC.
    return TOTP(secret, 6, SHA1(), STEP_SECONDS)  # noqa: S303 - see above


def _sealer() -> Fernet:
    key = salted_hmac("talk2me.operators.second_factor", "seal", algorithm="sha256").digest()
    return Fernet(base64.urlsafe_b64encode(key))
