"""Passkeys: recovery keys that an authenticator holds (docs/devices.md 3). Challenges store nothing."""

import secrets
from collections.abc import Collection
from typing import Any

from django.db import IntegrityError, transaction

from keys import clock, nonces, passkey_proof
from keys.models import Account, Passkey
from keys.passkey_proof import Made, NewKey, Used
from keys.selectors import split_keys
from keys.services.recovery_token import give_recovery_token
from talk2me.errors import PasskeyRefused

MAKING, USING = "passkey registration", "passkey sign-in"
# A person looks for a telephone or a security key meanwhile.
SECONDS = 300


def start_passkey(account_id: bytes) -> dict[str, Any]:
    """Return WebAuthn options as JSON for a new passkey of the account."""
    account = Account.objects.get(uid=account_id)
    nonce = nonces.make_nonce(MAKING, account_id, SECONDS)
    others = account.passkeys.values_list("credential_id", flat=True)
    return passkey_proof.options_to_make(account_id, account.username, nonce, SECONDS, others)


def add_passkey(account_id: bytes, made: Made, recovery_key: bytes) -> bytes:
    """Keep a passkey that belongs to a present recovery key of the account, and return its id.

    The same one again changes nothing. Raises PasskeyRefused.
    """
    challenge = passkey_proof.read_challenge(made.client_data)
    if not nonces.is_ours(MAKING, account_id, challenge):
        raise PasskeyRefused
    key = passkey_proof.verify_made(made, challenge)
    with transaction.atomic():
        account = Account.objects.select_for_update().get(uid=account_id)
        known = account.passkeys.filter(credential_id=made.credential_id, recovery_key=recovery_key).first()
        if known is not None:
            return known.uid
        if recovery_key not in split_keys(account.recovery_keys):
            raise PasskeyRefused
        return _create(account, made, key, recovery_key)


def list_passkeys(account_id: bytes) -> list[Passkey]:
    """Return the account's passkeys, oldest first."""
    return list(Passkey.objects.filter(account__uid=account_id).order_by("pk"))


def delete_passkey(account_id: bytes, uid: bytes) -> None:
    """Forget a passkey of the account, if it is there. Its recovery key stays until the chain drops it."""
    Passkey.objects.filter(uid=uid, account__uid=account_id).delete()


def start_passkey_sign_in() -> dict[str, Any]:
    """Return WebAuthn options as JSON; they are for nobody in particular, so nothing is learnt from them."""
    return passkey_proof.options_to_use(nonces.make_nonce(USING, b"", SECONDS), SECONDS)


def passkey_sign_in(used: Used) -> tuple[Passkey, bytes, int]:
    """Return the passkey with its account, a recovery token, and the seconds it is good for. Raises PasskeyRefused."""
    challenge = passkey_proof.read_challenge(used.client_data)
    if not nonces.is_ours(USING, b"", challenge):
        raise PasskeyRefused
    passkey = Passkey.objects.select_related("account").filter(credential_id=used.credential_id).first()
    if passkey is None or passkey.account.suspended or passkey.account.uid != used.user:
        raise PasskeyRefused
    count = passkey_proof.verify_used(used, challenge, NewKey(passkey.public_key, passkey.sign_count))
    try:
        with transaction.atomic():
            # The account before its passkey, as whoever changes its recovery keys does: neither waits for ever, and a
            # passkey that goes meanwhile gives nothing.
            Account.objects.select_for_update().filter(pk=passkey.account_id).first()
            # Of two at once that say the same count, one is a copy.
            here = Passkey.objects.filter(pk=passkey.pk, sign_count=passkey.sign_count)
            if not here.update(sign_count=count, last_used=clock.today()):
                raise PasskeyRefused
            token, seconds = give_recovery_token(passkey.account, challenge)
    except nonces.Spent as error:
        raise PasskeyRefused from error
    return passkey, token, seconds


def drop_stale(account_id: bytes, recovery_keys: Collection[bytes]) -> None:
    """Forget the account's passkeys whose recovery key is none of the present ones."""
    Passkey.objects.filter(account__uid=account_id).exclude(recovery_key__in=list(recovery_keys)).delete()


def _create(account: Account, made: Made, key: NewKey, recovery_key: bytes) -> bytes:
    uid = secrets.token_bytes(16)
    try:
        with transaction.atomic():
            Passkey.objects.create(
                uid=uid,
                account=account,
                credential_id=made.credential_id,
                public_key=key.public_key,
                sign_count=key.sign_count,
                recovery_key=recovery_key,
                created=clock.today(),
            )
    except IntegrityError as error:
        raise PasskeyRefused from error
    return uid
