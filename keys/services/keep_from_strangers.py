"""An operator's block: an account goes on with those it knows, and begins nothing with anybody else."""

from keys.models import Account
from talk2me.errors import NotFound


def keep_from_strangers(account_id: bytes) -> None:
    """Let the account add, and take key packages of, only those who share a conversation with it or have invited it.

    To it nobody is open to strangers. What it has stays. Raises NotFound.
    """
    _set(account_id, value=True)


def let_to_strangers(account_id: bytes) -> None:
    """Take that back. Raises NotFound."""
    _set(account_id, value=False)


def _set(account_id: bytes, *, value: bool) -> None:
    if not Account.objects.filter(uid=account_id).update(kept_from_strangers=value):
        raise NotFound
