"""Proof of work before an account is made (REGISTRATION_WORK): challenges in ALTCHA's format, version 2.

A challenge is for one account id, and an id makes one account for ever: so it is used once, and nothing of it is kept.
"""

import secrets
import time
from typing import Any

import altcha
from django.conf import settings
from django.utils.crypto import salted_hmac

from keys import base64url

SECONDS = 600
# One try takes a browser about a millisecond, and the thousandth part of its time to begin it.
ALGORITHM, ITERATIONS = "PBKDF2/SHA-256", 5000


def make_challenge(account_id: bytes) -> dict[str, Any]:
    """Return a challenge that one of REGISTRATION_WORK tries solves, as JSON has it."""
    found = altcha.create_challenge(
        ALGORITHM,
        ITERATIONS,
        counter=secrets.randbelow(settings.REGISTRATION_WORK),
        expires_at=int(time.time()) + SECONDS,
        data={"account": base64url.encode(account_id)},
        hmac_secret=_secret("challenge"),
        hmac_key_secret=_secret("solution"),
    )
    return found.to_dict()


def is_solved(account_id: bytes, payload: str) -> bool:
    """Say whether `payload`, ALTCHA's base64, solves a challenge of ours for this account that is not too old."""
    verdict = altcha.verify_solution(payload, _secret("challenge"), hmac_key_secret=_secret("solution"))
    if not verdict.verified:
        return False
    # Signed by us, so it is what we have made.
    data = altcha.Payload.from_base64(payload).challenge.parameters.data or {}
    return data.get("account") == base64url.encode(account_id)


def _secret(name: str) -> bytes:
    return salted_hmac(f"keys.work.{name}", b"", algorithm="sha256").digest()
