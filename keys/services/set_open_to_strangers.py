"""Whether anyone may claim an account's key packages."""

from keys.models import Account


def set_open_to_strangers(account_id: bytes, *, value: bool) -> None:
    """Set it for the account."""
    Account.objects.filter(uid=account_id).update(open_to_strangers=value)
