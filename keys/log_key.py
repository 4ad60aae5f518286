"""The keys that sign the log, and what this server says as a witness. They come from a setting, never the database."""

from functools import lru_cache

from django.conf import settings

from keys.key_log.checkpoint import log_signer
from keys.key_log.cosignature import Cosigner, log_cosigner
from keys.key_log.note import Signer


def signer() -> Signer:
    """Return who signs this server's log."""
    return _signer(settings.ORIGIN, settings.KEYLOG_KEY)


def vkey() -> str:
    """Return the verifier key that browsers pin."""
    return signer().verifier.vkey


def cosigner() -> Cosigner:
    """Return who signs the checkpoints of other servers' logs."""
    return _cosigner(settings.ORIGIN, settings.KEYLOG_KEY)


def witness_vkey() -> str:
    """Return the verifier key by which others know this server as a witness."""
    return cosigner().witness.vkey


@lru_cache(maxsize=1)
def _signer(origin: str, secret: str) -> Signer:
    return log_signer(origin, secret)


@lru_cache(maxsize=1)
def _cosigner(origin: str, secret: str) -> Cosigner:
    return log_cosigner(origin, secret)
