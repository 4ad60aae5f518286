"""Recovery tokens: who has proved the account by a recovery key or a passkey gets one (docs/devices.md 2 and 3)."""

import hashlib
import secrets

from django.db import IntegrityError, transaction

from keys import clock, nonces
from keys.models import Account, RecoveryToken

SECONDS = 600


def give_recovery_token(account: Account, nonce: bytes) -> tuple[bytes, int]:
    """Return a recovery token (32 bytes) for a proof over `nonce`, and the seconds it is good for.

    Raises keys.nonces.Spent when that nonce has given one: whoever calls turns it into its own refusal.
    """
    token = secrets.token_bytes(32)
    expires = clock.in_seconds(SECONDS)
    try:
        with transaction.atomic():
            RecoveryToken.objects.create(
                hash=hashlib.sha256(token).digest(),
                account=account,
                nonce_hash=hashlib.sha256(nonce).digest(),
                expires=expires,
            )
    except IntegrityError as error:
        raise nonces.Spent from error
    return token, clock.seconds_until(expires)
