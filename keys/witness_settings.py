"""Whose logs this server witnesses, and who witnesses its own: the settings KEYLOG_WITNESSED_LOGS, KEYLOG_WITNESSES."""

from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from django.conf import settings

from keys.key_log.cosignature import Witness, read_witness
from keys.key_log.note import Verifier, read_vkey

# As many as browsers can ask for (static/js/session/key_log/check_witnesses.js).
MOST_WITNESSES = 16
LONGEST_NAME = 255
THIS_MACHINE = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True)
class Asked:
    """A witness of our log; `prefix` is the address under which it takes checkpoints, without a slash at its end."""

    witness: Witness
    prefix: str


def witnessed_logs() -> dict[str, tuple[Verifier, ...]]:
    """Return the keys of the logs that this server witnesses, by origin."""
    return read_witnessed_logs(settings.KEYLOG_WITNESSED_LOGS)


def witnesses() -> tuple[Asked, ...]:
    """Return whom this server asks to witness its log."""
    return read_witnesses(settings.KEYLOG_WITNESSES)


@lru_cache(maxsize=1)
def read_witnessed_logs(text: str) -> dict[str, tuple[Verifier, ...]]:
    """Read verifier keys of type 0x01 between spaces or commas. A log may have several keys. Raises ValueError."""
    found: dict[str, tuple[Verifier, ...]] = {}
    for word in text.replace(",", " ").split():
        verifier = read_vkey(word)
        if len(verifier.name) > LONGEST_NAME:
            raise ValueError
        found[verifier.name] = (*found.get(verifier.name, ()), verifier)
    return found


@lru_cache(maxsize=1)
def read_witnesses(text: str) -> tuple[Asked, ...]:
    """Read entries `<verifier key of type 0x04>=<address>` between spaces. Raises ValueError."""
    found = tuple(map(_read_asked, text.split()))
    if len(found) > MOST_WITNESSES or len({one.witness.name for one in found}) < len(found):
        raise ValueError
    return found


def _read_asked(entry: str) -> Asked:
    # A name may hold equals signs, but no plus sign; behind that the first one is ours, as base64 of 33 bytes has none.
    name, _, rest = entry.partition("+")
    key, _, address = rest.partition("=")
    parts = urlsplit(address)
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in THIS_MACHINE)
    if (
        not is_safe
        or not parts.hostname
        or "@" in parts.netloc
        or parts.query
        or parts.fragment
        or not address.isascii()
    ):
        raise ValueError
    # Raises ValueError for what is no port.
    _ = parts.port
    return Asked(read_witness(f"{name}+{key}"), address.rstrip("/"))
