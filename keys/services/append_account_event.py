"""Adding to an account chain: devices come and go, recovery keys change, an account starts over."""

import hashlib
import time
from datetime import timedelta

from django.conf import settings
from django.db import transaction

from keys import chain, clock, signals
from keys.chain_event import Signatures, read_event
from keys.chain_rules import RECOVERY_WAIT_MS
from keys.chain_state import State
from keys.models import Account, AccountEvent, Device, KeyPackage, RecoveryToken, Vault
from keys.selectors import chain_state
from keys.services.reset_permits import spend_reset_permit, withdraw_reset_permit
from keys.services.store_event import store_device, store_event
from keys.services.store_state import state_columns
from talk2me.errors import ChainConflict, DeviceRevoked, NotFound, QuotaReached, SignatureInvalid

MAX_EVENTS = 1000
# Kept for who holds a recovery key, and for ending devices, of which there are 32 at most: a stolen device that uses up
# all the others can be ended still.
KEPT_EVENTS = 100
MAX_ACTIVE_DEVICES = 32


def append_account_event(
    account_id: bytes, event: bytes, signatures: Signatures, *, reset_code: str | None = None
) -> int:
    """Append `event` to the chain of the account and return its `seq`.

    The last event again changes nothing and gives its `seq`. `reset_code` is the operator's, for a reset that no
    recovery key signs. Raises NotFound, DeviceRevoked (suspended account), QuotaReached, ResetRefused, and what
    keys.chain.verify_event raises.
    """
    with transaction.atomic():
        account = Account.objects.select_for_update().filter(uid=account_id).first()
        if account is None:
            raise NotFound
        if account.head == hashlib.sha256(event).digest():
            return account.seq
        before = chain_state(account)
        after = chain.verify_event(
            before, event, signatures, origin=settings.ORIGIN, now_ms=time.time_ns() // 1_000_000
        )
        # Until here a reset of the operator's may be anybody's.
        if after.reset != before.reset and after.reset and after.reset.by == "operator":
            spend_reset_permit(account, reset_code or "")
        # Said only to who holds the account's keys: the signatures are checked by now.
        if account.suspended:
            raise DeviceRevoked
        kind = read_event(event).type
        is_kept_for = kind == "device_remove" or _is_by_recovery_key(before, signatures)
        most = MAX_EVENTS if is_kept_for else MAX_EVENTS - KEPT_EVENTS
        if after.seq > most or len(after.active_devices()) > MAX_ACTIVE_DEVICES:
            raise QuotaReached
        _check_waited(account, before, after, signatures)
        _store(account, before, after, event, signatures)
    return after.seq


def _is_by_recovery_key(before: State, signatures: Signatures) -> bool:
    """Say whether no device vouches for the event; nobody does for a reset that the operator permits."""
    return signatures.authority is None or signatures.authority.key in before.recovery_keys


def _check_waited(account: Account, before: State, after: State, signatures: Signatures) -> None:
    """Count the days of an announcement by our own clock too: the event's time is what a device says."""
    if before.announced is None or after.recovery_keys == before.recovery_keys:
        return
    if _is_by_recovery_key(before, signatures):
        return
    received = AccountEvent.objects.get(account=account, seq=before.announced.seq).received
    if clock.now() < received + timedelta(milliseconds=RECOVERY_WAIT_MS):
        raise SignatureInvalid


def _store(account: Account, before: State, after: State, event: bytes, signatures: Signatures) -> None:
    # The lock held the account; where the database has no locks of rows, this still lets only one event through.
    moved = Account.objects.filter(pk=account.pk, seq=before.seq).update(**state_columns(after))
    if not moved:
        raise ChainConflict
    if after.reset != before.reset:
        signals.account_reset.send(None, account=after.account)
    for device in after.devices[len(before.devices) :]:
        store_device(account, device)
        signals.device_added.send(None, account=after.account, device=device.device_id)
    removed = [device.device_id for device in after.devices if device.removed == after.seq]
    Device.objects.filter(uid__in=removed).update(removed=after.seq)
    # Their tokens stay until they end, so that they can be told why they are out.
    KeyPackage.objects.filter(device__uid__in=removed).delete()
    for device_id in removed:
        signals.device_removed.send(None, account=after.account, device=device_id)
    if after.recovery_keys != before.recovery_keys:
        # What a key of before has opened ends; the row stays, for it remembers the nonce.
        RecoveryToken.objects.filter(account=account).update(expires=clock.this_minute())
        signals.recovery_keys_changed.send(None, account=after.account, recovery_keys=list(after.recovery_keys))
    if after.reset != before.reset:
        # Sealed with keys that are no longer the account's.
        Vault.objects.filter(account=account).delete()
        withdraw_reset_permit(after.account)
    store_event(account, event, signatures, after, read_event(event).type)
