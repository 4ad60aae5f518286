"""Proving a recovery key from a browser that is no device yet (docs/devices.md 2).

As in signing in: a challenge stores nothing, whatever is wrong gets the same answer, and a name that nobody has costs
the work of one that somebody has.
"""

from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac

from keys import ed25519, labels, nonces, usernames
from keys.models import Account
from keys.selectors import split_keys
from keys.services.recovery_token import give_recovery_token
from talk2me.errors import RecoveryRefused, UsernameInvalid

PURPOSE = "recovery_sign_in"


@dataclass(frozen=True)
class RecoveryChallenge:
    """What is to be signed: for `account` (16 bytes), `nonce`, within `seconds`."""

    account: bytes
    nonce: bytes
    seconds: int


def start_recovery_by_name(username: str) -> RecoveryChallenge:
    """Return a challenge for the account called `username`, whatever its case or width.

    For a name that nobody has it is about an invented account, always the same one.
    """
    try:
        name = usernames.canonical(username)
    except UsernameInvalid:
        name = username
    # Not by what the name looks like: two names of one look have an account each, invented or not.
    invented = salted_hmac("keys.invented_account", name, algorithm="sha256").digest()[:16]
    found = Account.objects.filter(username=name).values_list("uid", flat=True).first()
    return start_recovery(invented if found is None else found)


def start_recovery(account_id: bytes) -> RecoveryChallenge:
    """Return a challenge for the account; for an unknown one too."""
    return RecoveryChallenge(account_id, nonces.make_nonce(PURPOSE, account_id), nonces.SECONDS)


def recovery_sign_in(account_id: bytes, key: bytes, nonce: bytes, signature: bytes) -> tuple[bytes, int]:
    """Return a recovery token (32 bytes) and the seconds it is good for. Raises RecoveryRefused."""
    account = Account.objects.filter(uid=account_id).first()
    usable = account is not None and not account.suspended and key in split_keys(account.recovery_keys)
    # Both are computed whatever came before.
    genuine = nonces.is_ours(PURPOSE, account_id, nonce)
    holds = ed25519.verify(key, signature, labels.signed_recovery(settings.ORIGIN, account_id, key, nonce))
    if account is None or not (usable and genuine and holds):
        raise RecoveryRefused
    try:
        with transaction.atomic():
            # Asked again under the lock: a key that is being replaced opens nothing any more.
            current = Account.objects.select_for_update().filter(pk=account.pk).first()
            if current is None or key not in split_keys(current.recovery_keys):
                raise RecoveryRefused
            return give_recovery_token(current, nonce)
    except nonces.Spent as error:
        raise RecoveryRefused from error
