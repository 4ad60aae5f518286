"""The operator's codes (REGISTRATION=invite)."""

import hashlib
import secrets
from datetime import timedelta

from keys import base64url, clock, labels
from keys.models import RegistrationCode
from talk2me.errors import InviteRequired


def _hash(code: str) -> bytes:
    return hashlib.sha256(labels.label("registration code") + code.strip().encode()).digest()


def create_registration_code(days: int) -> str:
    """Return a new code that makes one account within `days`; only its hash is kept."""
    code = base64url.encode(secrets.token_bytes(16))
    RegistrationCode.objects.create(
        hash=_hash(code), created=clock.today(), expires=clock.this_minute() + timedelta(days=days)
    )
    return code


def spend_registration_code(code: str | None) -> None:
    """Use `code` up. Raises InviteRequired without one that is unused and not expired."""
    unused = RegistrationCode.objects.filter(hash=_hash(code or ""), used=None, expires__gt=clock.now())
    if not unused.update(used=clock.today()):
        raise InviteRequired
