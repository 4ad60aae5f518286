"""The key that signs the log. It comes from a setting and is never in the database."""

from functools import lru_cache

from django.conf import settings

from keys.key_log.checkpoint import log_signer
from keys.key_log.note import Signer


def signer() -> Signer:
    """Return who signs this server's log."""
    return _signer(settings.ORIGIN, settings.KEYLOG_KEY)


def vkey() -> str:
    """Return the verifier key that browsers pin."""
    return signer().verifier.vkey


@lru_cache(maxsize=1)
def _signer(origin: str, secret: str) -> Signer:
    return log_signer(origin, secret)
