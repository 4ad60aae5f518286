"""Deleting one's own account: a nonce, two signatures over it, and everything goes."""

from django.conf import settings
from django.db import transaction

from keys import ed25519, labels, nonces
from keys.models import Device
from keys.services.suspend_account import delete_account
from talk2me.errors import SignatureInvalid

PURPOSE = "delete_account"


def start_deletion(account_id: bytes, device_id: bytes) -> tuple[bytes, int]:
    """Return a nonce to sign and the seconds it is good for."""
    return nonces.make_nonce(PURPOSE, account_id + device_id), nonces.SECONDS


def delete_own_account(account_id: bytes, device_id: bytes, nonce: bytes, identity: bytes, device: bytes) -> None:
    """Delete the account, for a device of it that has signed the nonce, as the identity key has.

    Both, as for an event of the chain: neither a token that somebody has taken nor a device's key alone is enough.
    Raises SignatureInvalid, also for a nonce that is too old or another's; NotFound when it is gone already.
    """
    with transaction.atomic():
        found = Device.objects.select_related("account").filter(uid=device_id, account__uid=account_id, removed=None)
        row = found.first()
        signed = labels.signed_deletion(settings.ORIGIN, account_id, device_id, nonce)
        if row is None or not nonces.is_ours(PURPOSE, account_id + device_id, nonce):
            raise SignatureInvalid
        keys = ((row.account.identity_key, identity), (row.sign_in_key, device))
        if not all(ed25519.verify(key, signature, signed) for key, signature in keys):
            raise SignatureInvalid
        delete_account(account_id)
