"""The vault: stored as it came, and only as a newer version."""

from django.db import IntegrityError, transaction

from keys import clock
from keys.models import Account, Vault
from talk2me.errors import TooLarge, VaultConflict

MAX_BYTES = 1024 * 1024
# No device may use up all the versions there are.
MAX_LEAP = 1_000_000


def store_vault(account_id: bytes, version: int, body: bytes) -> None:
    """Store `body` as `version`, which is newer than the stored one.

    More than one newer where the stored one is out of a backup: whoever writes has seen what came between. The stored
    version with the same bytes again changes nothing. Raises VaultConflict, TooLarge.
    """
    if len(body) > MAX_BYTES:
        raise TooLarge
    with transaction.atomic():
        account = Account.objects.get(uid=account_id)
        fields = {"version": version, "body": body, "updated": clock.this_minute()}
        older = Vault.objects.filter(account=account, version__lt=version, version__gte=version - MAX_LEAP)
        if older.update(**fields):
            return
        if Vault.objects.filter(account=account, version=version, body=body).exists():
            return
        if version > MAX_LEAP:
            raise VaultConflict
        try:
            with transaction.atomic():
                Vault.objects.create(account=account, **fields)
        except IntegrityError as error:
            raise VaultConflict from error
