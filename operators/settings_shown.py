"""The limits and quotas that operators see: each setting, its value, and what it is about. None of them is a secret."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.template.defaultfilters import filesizeformat

# What a limit counts; those of RATE_LIMITS that are missing here are shown without words.
RATES = {
    "accounts": "accounts that one address makes",
    "events": "events of account chains from one address",
    "sign_in": "sign-ins from one address",
    "link": "steps of linking a device, from one address",
    "recovery": "recovery keys and codes to start over that one address tries",
    "lookup": "names that one account looks up",
    "claim": "times that one account takes key packages, to write to somebody",
    "claim_pair": "the same, from one other account",
    "add": "people that one account adds to conversations",
    "add_pair": "the same, of one other account",
    "report": "reports by one account",
    "known": "times that one account asks what the server knows of it",
    "api": "requests of one account",
    "admin": "sign-ins to this admin that one address tries",
    "admin_name": "sign-ins to this admin that anybody tries under one name",
    "stored": "KiB that one account may have stored",
    "upload": "KiB of files that one account sends",
    "download": "KiB of files that one account fetches",
    "frames": "frames from one device, on one worker",
    "envelopes": "envelopes from one device, on one worker",
    "bytes": "KiB from one device, on one worker",
}
QUOTAS = {
    "MAILBOX_QUOTA_BYTES": "most that one mailbox holds",
    "ARCHIVE_QUOTA_BYTES": "most that the history of one account holds",
    "ACCOUNT_QUOTA_BYTES": "most that one account has a share in",
    "ATTACHMENT_MAX_BYTES": "largest file",
    "ATTACHMENT_QUOTA_BYTES": "most that the files of one account take",
}
OTHERS = {
    "REGISTRATION": "who may sign up",
    "ENVELOPE_DAYS": "days that an envelope waits for a device",
    "ATTACHMENT_DAYS": "days that a file stays, unless it is kept",
    "TOKEN_SECONDS": "seconds that a sign-in of a device is good for",
    "JOB_SECONDS": "seconds between two turns of clearing away",
    "SOCKETS_PER_ADDRESS": "sockets of one address on one worker; 0 for any number",
    "ADMIN_NEEDS_SECOND_FACTOR": "whether every operator needs a second factor",
}


@dataclass(frozen=True)
class Shown:
    """One setting."""

    name: str
    value: str
    meaning: str


def groups() -> Iterator[tuple[str, list[Shown]]]:
    """Give each group with its settings."""
    yield "Quotas", [Shown(name, _bytes(getattr(settings, name)), words) for name, words in QUOTAS.items()]
    yield (
        "How often",
        [
            Shown(f"RATE_{name.upper()}", notation or "no limit", RATES.get(name, ""))
            for name, notation in settings.RATE_LIMITS.items()
        ],
    )
    yield "Besides", [Shown(name, _word(getattr(settings, name)), words) for name, words in OTHERS.items()]


def _bytes(value: int) -> str:
    return filesizeformat(value).replace("\xa0", " ")


def _word(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
