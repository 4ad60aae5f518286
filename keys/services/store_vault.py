"""The vault: stored as it came, and only as the next version."""

from django.db import IntegrityError, transaction

from keys import clock
from keys.models import Account, Vault
from talk2me.errors import TooLarge, VaultConflict

MAX_BYTES = 1024 * 1024


def store_vault(account_id: bytes, version: int, body: bytes) -> None:
    """Store `body` as `version`, which is the stored one + 1 (1 at first).

    The stored version with the same bytes again changes nothing. Raises VaultConflict, TooLarge.
    """
    if len(body) > MAX_BYTES:
        raise TooLarge
    with transaction.atomic():
        account = Account.objects.get(uid=account_id)
        fields = {"version": version, "body": body, "updated": clock.this_minute()}
        if Vault.objects.filter(account=account, version=version - 1).update(**fields):
            return
        if Vault.objects.filter(account=account, version=version, body=body).exists():
            return
        if version != 1:
            raise VaultConflict
        try:
            with transaction.atomic():
                Vault.objects.create(account=account, **fields)
        except IntegrityError as error:
            raise VaultConflict from error
