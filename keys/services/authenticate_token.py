"""Who holds a bearer token; and giving one back."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from keys import clock
from keys.models import AccessToken, RecoveryToken
from talk2me.errors import DeviceRevoked, TokenExpired, Unauthenticated


@dataclass(frozen=True)
class SignedIn:
    """A device with a good token; ids of 16 bytes."""

    account: bytes
    device: bytes
    expires: datetime


def authenticate_token(token: bytes) -> SignedIn:
    """Return who `token` (32 bytes) was given to. Raises Unauthenticated, TokenExpired or DeviceRevoked."""
    found = AccessToken.objects.select_related("device__account").filter(hash=hashlib.sha256(token).digest()).first()
    if found is None:
        raise Unauthenticated
    device = found.device
    if not device.active or device.account.suspended:
        raise DeviceRevoked
    if found.expires <= clock.now():
        raise TokenExpired
    return SignedIn(device.account.uid, device.uid, found.expires)


def authenticate_recovery_token(token: bytes) -> bytes:
    """Return the account (16 bytes) that `token` may recover. Raises Unauthenticated, TokenExpired or DeviceRevoked."""
    found = RecoveryToken.objects.select_related("account").filter(hash=hashlib.sha256(token).digest()).first()
    if found is None:
        raise Unauthenticated
    if found.account.suspended:
        raise DeviceRevoked
    if found.expires <= clock.now():
        raise TokenExpired
    return found.account.uid


def sign_out(token: bytes) -> None:
    """End `token` now. The row stays a while: it also remembers the nonce."""
    AccessToken.objects.filter(hash=hashlib.sha256(token).digest()).update(expires=clock.this_minute())
