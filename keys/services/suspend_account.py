"""What operators can do to an account: suspend it, reinstate it, delete it."""

from django.db import transaction

from keys import signals
from keys.models import Account
from talk2me.errors import NotFound


def suspend_account(account_id: bytes) -> None:
    """Shut the account's devices out until it is reinstated; nothing is deleted. Raises NotFound."""
    with transaction.atomic():
        if _set_suspended(account_id, value=True):
            signals.account_suspended.send(None, account=account_id)


def reinstate_account(account_id: bytes) -> None:
    """Let a suspended account in again. Raises NotFound."""
    with transaction.atomic():
        if _set_suspended(account_id, value=False):
            signals.account_reinstated.send(None, account=account_id)


def delete_account(account_id: bytes) -> None:
    """Delete the account with everything that `keys` holds of it; its name is free again. Raises NotFound."""
    with transaction.atomic():
        account = _locked(account_id)
        devices = list(account.devices.order_by("added").values_list("uid", flat=True))
        signals.account_deleted.send(None, account=account_id, devices=devices)
        account.delete()


def _locked(account_id: bytes) -> Account:
    account = Account.objects.select_for_update().filter(uid=account_id).first()
    if account is None:
        raise NotFound
    return account


def _set_suspended(account_id: bytes, *, value: bool) -> bool:
    """Return whether that changed anything."""
    account = _locked(account_id)
    changed = account.suspended != value
    account.suspended = value
    account.save(update_fields=["suspended"])
    return changed
