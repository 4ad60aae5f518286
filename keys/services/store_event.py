"""Writing what a verified event changed. Only services of chains call these, inside their transaction."""

from django.db import IntegrityError, transaction

from keys import clock
from keys.chain_event import Signatures, write_signatures
from keys.chain_state import DeviceState, State
from keys.models import Account, AccountEvent, Device
from keys.services.append_log_leaves import append_log_leaves
from talk2me.errors import EventInvalid


def store_event(account: Account, event: bytes, signatures: Signatures, state: State, kind: str) -> None:
    """Store `event`, which led to `state`, and enter it in the key log; after everything else in the transaction."""
    entered = append_log_leaves(account, state.seq, event, with_name=state.seq == 1)
    AccountEvent.objects.create(
        account=account,
        seq=state.seq,
        type=kind,
        event=event,
        signatures=write_signatures(signatures),
        hash=state.hash,
        received=clock.this_minute(),
        position=entered.position,
        opening=entered.opening,
    )


def store_device(account: Account, device: DeviceState) -> None:
    """Store a device that the chain has added. Raises EventInvalid when another account has one of that id."""
    try:
        with transaction.atomic():
            Device.objects.create(
                uid=device.device_id,
                account=account,
                sign_in_key=device.sign_in_key,
                signature_key=device.signature_key,
                suites=list(device.suites),
                added=device.added,
                created=clock.today(),
            )
    except IntegrityError as error:
        raise EventInvalid from error
