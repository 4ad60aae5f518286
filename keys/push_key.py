"""The key by which push services know this server (RFC 8292). It comes from a setting, never the database."""

import hashlib
import time
from functools import lru_cache
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from py_vapid import Vapid02

from keys import labels

# The order of P-256.
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
HOUR = 3600
# A day at most, says RFC 8292; an hour of it may be gone when the last one is used.
HOURS_VALID = 12


def public_key() -> bytes | None:
    """Return the point that browsers subscribe with, 65 bytes; None on a server that pushes nothing."""
    if not settings.PUSH_KEY:
        return None
    point = _key(settings.PUSH_KEY).public_key()
    return point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def authorization(audience: str) -> str:
    """Return the header that shows a push service (its origin, `audience`) who asks. Only with PUSH_KEY set."""
    return _authorization(settings.PUSH_KEY, settings.ORIGIN, audience, int(time.time()) // HOUR)


@lru_cache(maxsize=64)
def _authorization(secret: str, origin: str, audience: str, hour: int) -> str:
    claims = {"aud": audience, "sub": _contact(origin), "exp": (hour + HOURS_VALID) * HOUR}
    signed: dict[str, str] = Vapid02(private_key=_key(secret)).sign(claims)
    return signed["Authorization"]


def _contact(origin: str) -> str:
    """Return whom to ask about our pushes: an address as py_vapid takes it, so without a port."""
    host = urlsplit(origin).hostname or ""
    return f"https://{host}" if "." in host else "https://localhost"


@lru_cache(maxsize=1)
def _key(secret: str) -> ec.EllipticCurvePrivateKey:
    number = int.from_bytes(hashlib.sha512(labels.label("push") + secret.encode()).digest(), "big")
    return ec.derive_private_key(number % (ORDER - 1) + 1, ec.SECP256R1())
