"""The vault: stored as it came, and only as a newer version."""

from django.db import IntegrityError, transaction

from keys import clock
from keys.models import Account, Device, Vault
from keys.services.hold_devices import hold_devices
from talk2me.errors import DeviceRevoked, TooLarge, VaultConflict

MAX_BYTES = 1024 * 1024
# No device may use up all the versions there are.
MAX_LEAP = 1_000_000


def store_vault(account_id: bytes, device_id: bytes, version: int, body: bytes) -> None:
    """Store `body` as `version`, which is newer than the stored one, for a device of the account.

    More than one newer where the stored one is out of a backup: whoever writes has seen what came between. The stored
    version with the same bytes again changes nothing. Raises VaultConflict, TooLarge, DeviceRevoked.
    """
    if len(body) > MAX_BYTES:
        raise TooLarge
    with transaction.atomic():
        # It may have been removed since it was let in: what it writes must not stand where a newer vault was, or none.
        hold_devices(account_id)
        if not Device.objects.filter(uid=device_id, account__uid=account_id, removed=None).exists():
            raise DeviceRevoked
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
