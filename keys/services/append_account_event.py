"""Adding to an account chain: devices come and go."""

import hashlib
import time

from django.conf import settings
from django.db import transaction

from keys import chain, signals
from keys.chain_event import Signatures
from keys.models import Account, Device, KeyPackage
from keys.selectors import chain_state
from keys.services.store_event import store_device, store_event
from talk2me.errors import ChainConflict, DeviceRevoked, NotFound, QuotaReached

MAX_EVENTS = 1000
MAX_ACTIVE_DEVICES = 32


def append_account_event(account_id: bytes, event: bytes, signatures: Signatures) -> int:
    """Append `event` to the chain of the account and return its `seq`.

    The last event again changes nothing and gives its `seq`. Raises NotFound, DeviceRevoked (suspended account),
    QuotaReached, and what keys.chain.verify_event raises.
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
        # Said only to who holds the account's keys: the signatures are checked by now.
        if account.suspended:
            raise DeviceRevoked
        if after.seq > MAX_EVENTS or sum(device.removed is None for device in after.devices) > MAX_ACTIVE_DEVICES:
            raise QuotaReached
        _store(account, before, after, event, signatures)
    return after.seq


def _store(account: Account, before: chain.State, after: chain.State, event: bytes, signatures: Signatures) -> None:
    # The lock held the account; where the database has no locks of rows, this still lets only one event through.
    moved = Account.objects.filter(pk=account.pk, seq=before.seq).update(seq=after.seq, head=after.hash)
    if not moved:
        raise ChainConflict
    if len(after.devices) > len(before.devices):
        device = after.devices[-1]
        store_device(account, device)
        signals.device_added.send(None, account=after.account, device=device.device_id)
        store_event(account, event, signatures, after, "device_add")
        return
    removed = next(device for device in after.devices if device.removed == after.seq)
    Device.objects.filter(uid=removed.device_id).update(removed=after.seq)
    # Its tokens stay until they end, so that it can be told why it is out.
    KeyPackage.objects.filter(device__uid=removed.device_id).delete()
    signals.device_removed.send(None, account=after.account, device=removed.device_id)
    store_event(account, event, signatures, after, "device_remove")
