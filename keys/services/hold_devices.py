"""Hold still which devices an account has."""

from keys.models import Account


def hold_devices(account_id: bytes) -> None:
    """Let no device of the account come or go until the open transaction ends; wait for one that is coming."""
    Account.objects.select_for_update().filter(uid=account_id).first()
