"""What each account event needs and what it changes (docs/protocol.md 1). Pure; keys/chain.py checks the signatures.

The browser has the same in static/js/protocol/chain_rules.js.
"""

from dataclasses import replace

from keys.chain_event import (
    CreateBody,
    DeviceAddBody,
    DeviceRemoveBody,
    NewDevice,
    RecoveryAnnounceBody,
    RecoveryObjectBody,
    RecoveryRotateBody,
    ResetBody,
    Signatures,
    UnverifiedEvent,
)
from keys.chain_state import Announced, DeviceState, Reset, State
from talk2me.errors import EventInvalid, SignatureInvalid

# How long the other devices have to object before a device may put new recovery keys in the place of lost ones.
RECOVERY_WAIT_MS = 7 * 24 * 3600 * 1000


def needed_signatures(state: State | None, event: UnverifiedEvent, given: Signatures) -> list[tuple[bytes, bytes]]:
    """Pair each signature that the event needs with its key.

    Raises SignatureInvalid for one that is missing or not asked for, and for an authority that has none here.
    """
    pairs: list[tuple[bytes, bytes | None]] = [(_identity_key(state, event), given.identity)]
    device = event.body.device if isinstance(event.body, CreateBody | DeviceAddBody | ResetBody) else None
    if device is not None:
        pairs += [(device.sign_in_key, given.sign_in), (device.signature_key, given.mls)]
    elif given.sign_in is not None or given.mls is not None:
        raise SignatureInvalid
    if given.authority is not None:
        if state is None or given.authority.key not in _authorities(state, event):
            raise SignatureInvalid
        pairs.append((given.authority.key, given.authority.signature))
    elif not isinstance(event.body, CreateBody | ResetBody):
        raise SignatureInvalid
    return [(key, _given(signature)) for key, signature in pairs]


def next_state(state: State | None, event: UnverifiedEvent, event_hash: bytes, *, has_authority: bool) -> State:
    """Return what the chain says after `event`, whose signatures hold. Raises EventInvalid."""
    next_one: State | None = None
    if state is not None:
        state = replace(state, seq=event.seq, hash=event_hash)
    match event.body, state:
        case CreateBody() as body, None:
            next_one = _created(event, body, event_hash)
        case DeviceAddBody(device), State():
            next_one = _with_device(state, device)
        case DeviceRemoveBody(device_id), State():
            next_one = _without_device(state, device_id)
        case RecoveryRotateBody(keys), State():
            next_one = replace(state, recovery_keys=_checked_keys(state, keys), announced=None)
        case RecoveryAnnounceBody(keys), State():
            next_one = replace(state, announced=Announced(_checked_keys(state, keys), event.time, event.seq))
        case RecoveryObjectBody(), State(announced=Announced()):
            next_one = replace(state, announced=None)
        case ResetBody() as body, State():
            next_one = _started_over(state, body, Reset(event.seq, "recovery" if has_authority else "operator"))
    if next_one is None:
        raise EventInvalid
    return next_one


def _identity_key(state: State | None, event: UnverifiedEvent) -> bytes:
    if isinstance(event.body, CreateBody | ResetBody):
        return event.body.identity_key
    return state.identity_key if state else b""


def _given(signature: bytes | None) -> bytes:
    if signature is None:
        raise SignatureInvalid
    return signature


def _authorities(state: State, event: UnverifiedEvent) -> set[bytes]:
    devices = {device.sign_in_key for device in state.active_devices()}
    match event.body:
        case RecoveryAnnounceBody():
            return devices
        case ResetBody():
            return set(state.recovery_keys)
        case RecoveryRotateBody(keys) if not is_due(state.announced, keys, event.time):
            return set(state.recovery_keys)
    return devices | set(state.recovery_keys)


def is_due(announced: Announced | None, keys: tuple[bytes, ...], time_ms: int) -> bool:
    """Say whether a device may make `keys` the recovery keys at `time_ms`: announced so, long enough ago."""
    return announced is not None and announced.recovery_keys == keys and time_ms >= announced.time + RECOVERY_WAIT_MS


def _created(event: UnverifiedEvent, body: CreateBody, event_hash: bytes) -> State:
    # The keys of the new account are all different from each other; its device is checked against them below.
    if len({body.identity_key, *body.recovery_keys}) != 1 + len(body.recovery_keys):
        raise EventInvalid
    empty = State(event.account, body.username, body.identity_key, body.recovery_keys, (), event.seq, event_hash)
    return _with_device(empty, body.device)


def _with_device(state: State, device: NewDevice) -> State:
    keys = {device.signature_key, device.sign_in_key}
    if len(keys) != 2 or keys & state.keys() or any(old.device_id == device.device_id for old in state.devices):
        raise EventInvalid
    added = DeviceState(device.device_id, device.signature_key, device.sign_in_key, device.suites, state.seq)
    return replace(state, devices=(*state.devices, added))


def _without_device(state: State, device_id: bytes) -> State:
    if not any(device.device_id == device_id for device in state.active_devices()):
        raise EventInvalid
    devices = tuple(
        replace(device, removed=state.seq) if device.device_id == device_id else device for device in state.devices
    )
    return replace(state, devices=devices)


def _checked_keys(state: State, keys: tuple[bytes, ...]) -> tuple[bytes, ...]:
    """Return `keys` if they may be the next recovery keys: another set than now, of present ones and new ones."""
    wanted, present = set(keys), set(state.recovery_keys)
    if len(wanted) != len(keys) or wanted == present or (wanted - present) & state.keys():
        raise EventInvalid
    return keys


def _started_over(state: State, body: ResetBody, reset: Reset) -> State:
    new = {body.identity_key, *body.recovery_keys}
    if len(new) != 1 + len(body.recovery_keys) or new & state.keys():
        raise EventInvalid
    # The device is checked against what was before as well as against the new keys.
    with_keys = replace(state, recovery_keys=(*state.recovery_keys, *body.recovery_keys, body.identity_key))
    with_device = _with_device(with_keys, body.device)
    *old, added = with_device.devices
    ended = (replace(one, removed=reset.seq) if one.removed is None else one for one in old)
    return replace(
        state,
        identity_key=body.identity_key,
        former_identities=(*state.former_identities, state.identity_key),
        recovery_keys=body.recovery_keys,
        devices=(*ended, added),
        announced=None,
        reset=reset,
    )
