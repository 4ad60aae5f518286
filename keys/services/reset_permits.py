"""Starting an account over without any of its keys: the operator permits it, a week passes, no device objects."""

import hashlib
import hmac
import secrets
from datetime import timedelta

from keys import base64url, clock, labels, usernames
from keys.models import Account, ResetPermit
from keys.services.recovery_token import give_recovery_token
from talk2me.errors import NotFound, ResetRefused, UsernameInvalid

# How long the account's devices have to object.
WAIT = timedelta(days=7)


def _hash(account_id: bytes, code: str) -> bytes:
    return hashlib.sha256(labels.label("reset code") + account_id + code.strip().encode()).digest()


def create_reset_permit(account_id: bytes) -> str:
    """Permit the account to be started over in a week and return the code for it, of which only the hash is kept.

    It takes the place of an earlier one. Raises NotFound.
    """
    account = Account.objects.filter(uid=account_id).first()
    if account is None:
        raise NotFound
    code = base64url.encode(secrets.token_bytes(16))
    today = clock.today()
    fields = {"code_hash": _hash(account_id, code), "created": today, "from_day": today + WAIT}
    ResetPermit.objects.update_or_create(account=account, defaults=fields)
    return code


def withdraw_reset_permit(account_id: bytes) -> None:
    """Take the permit back: the operator thinks better of it, or a device of the account objects. None is no error."""
    ResetPermit.objects.filter(account__uid=account_id).delete()


def start_reset(username: str, code: str) -> tuple[bytes, bytes, int]:
    """Return the account's id, a recovery token for it and the seconds that it is good for.

    Raises ResetRefused whatever is wrong: the name, the code, the day.
    """
    try:
        name = usernames.canonical(username)
    except UsernameInvalid:
        name = username
    # One question for a name that nobody has as for any other: the time taken does not tell.
    due = ResetPermit.objects.filter(from_day__lte=clock.today(), account__username=name, account__suspended=False)
    permit = due.select_related("account").first()
    hashed = _hash(permit.account.uid if permit else bytes(16), code)
    if permit is None or not hmac.compare_digest(permit.code_hash, hashed):
        raise ResetRefused
    return permit.account.uid, *give_recovery_token(permit.account, secrets.token_bytes(16))


def spend_reset_permit(account: Account, code: str) -> None:
    """Use the permit up, in the transaction of the reset. Raises ResetRefused without one that is due, or its code."""
    due = ResetPermit.objects.filter(account=account, from_day__lte=clock.today())
    # Looked for and deleted at once: a device that objects meanwhile is before the reset or behind it.
    deleted, _ = due.filter(code_hash=_hash(account.uid, code)).delete()
    if not deleted:
        raise ResetRefused
