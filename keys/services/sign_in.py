"""Signing in: a nonce, a signature over it, a bearer token (ARCHITECTURE 3.3).

The nonce carries its own end and a tag of ours, so a challenge stores nothing; the token's row makes it single-use.
Whatever is wrong, the answer is the same, and an unknown device costs the work of a known one.
"""

import hashlib
import secrets

from django.conf import settings
from django.db import IntegrityError, transaction

from keys import clock, ed25519, labels, nonces
from keys.models import AccessToken, Device
from talk2me import limits
from talk2me.errors import SignInRefused

PURPOSE = "sign_in"
NONCE_SECONDS = nonces.SECONDS
# Anyone's key: verified against when there is no device, so that the time taken does not tell.
NOBODY = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")


def start_sign_in(account_id: bytes, device_id: bytes) -> tuple[bytes, int]:
    """Return a nonce to sign and the seconds it is good for; for unknown ids too."""
    return nonces.make_nonce(PURPOSE, account_id + device_id, NONCE_SECONDS), NONCE_SECONDS


def sign_in(account_id: bytes, device_id: bytes, nonce: bytes, signature: bytes) -> tuple[bytes, int]:
    """Return a bearer token (32 bytes) and the seconds it is good for. Raises SignInRefused, RateLimited."""
    device = Device.objects.select_related("account").filter(uid=device_id, account__uid=account_id).first()
    usable = device is not None and device.active and not device.account.suspended
    key = device.sign_in_key if device is not None and usable else NOBODY
    signed = labels.signed_challenge(settings.ORIGIN, account_id, device_id, nonce)
    # Both are computed whatever the first says.
    genuine = nonces.is_ours(PURPOSE, account_id + device_id, nonce)
    holds = ed25519.verify(key, signature, signed)
    if device is None or not (genuine and holds and usable):
        raise SignInRefused
    # Counted after the proof, so nobody can use up another's attempts.
    limits.hit("sign_in", device_id)
    return _give_token(device, nonce)


def _give_token(device: Device, nonce: bytes) -> tuple[bytes, int]:
    token = secrets.token_bytes(32)
    expires = clock.in_seconds(settings.TOKEN_SECONDS)
    try:
        with transaction.atomic():
            AccessToken.objects.create(
                hash=hashlib.sha256(token).digest(),
                device=device,
                nonce_hash=hashlib.sha256(nonce).digest(),
                expires=expires,
            )
            Device.objects.filter(pk=device.pk).update(last_seen=clock.today())
    except IntegrityError as error:
        raise SignInRefused from error
    return token, clock.seconds_until(expires)
