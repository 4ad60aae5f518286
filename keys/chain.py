"""The account chain (docs/protocol.md 1): verifying events and following the state they make.

Pure: bytes, keys and the time come as arguments. The browser does the same in static/js/protocol; both replay
tests/vectors/account_chain.json.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace

from keys import ed25519, labels
from keys.chain_event import (
    CreateBody,
    DeviceAddBody,
    DeviceRemoveBody,
    NewDevice,
    Signatures,
    UnverifiedEvent,
    read_event,
)
from talk2me.errors import ChainConflict, EventInvalid, SignatureInvalid

CLOCK_SKEW_MS = 24 * 3600 * 1000


@dataclass(frozen=True)
class DeviceState:
    """A device of a chain; `added` and `removed` are the `seq` of the events that did it."""

    device_id: bytes
    signature_key: bytes
    sign_in_key: bytes
    suites: tuple[int, ...]
    added: int
    removed: int | None = None


@dataclass(frozen=True)
class State:
    """What a chain says after its event `seq`, whose SHA-256 is `hash`. Devices in the order they were added."""

    account: bytes
    username: str
    identity_key: bytes
    recovery_keys: tuple[bytes, ...]
    devices: tuple[DeviceState, ...]
    seq: int
    hash: bytes

    def keys(self) -> set[bytes]:
        """Return every key that stands in the chain: a new one may be none of them."""
        of_devices = {key for device in self.devices for key in (device.signature_key, device.sign_in_key)}
        return {self.identity_key, *self.recovery_keys, *of_devices}


def verify_event(
    state: State | None, event: bytes, signatures: Signatures, *, origin: str, now_ms: int | None = None
) -> State:
    """Return the state after `event`, the next one of the chain whose state is `state` (None before the first).

    `now_ms` is given for a new event, whose time must lie within 24 hours of it; not when a chain is verified again.
    Raises EventInvalid (fields), SignatureInvalid (one is missing, wrong, not asked for, or of no authority) or
    ChainConflict (`seq` or `prev` is not the next).
    """
    unverified = read_event(event)
    if (state is None) != isinstance(unverified.body, CreateBody) or (state and state.account != unverified.account):
        raise EventInvalid
    _check_signatures(state, unverified, labels.signed_event(origin, event), signatures)
    if state is not None and (unverified.seq, unverified.prev) != (state.seq + 1, state.hash):
        raise ChainConflict
    if now_ms is not None and abs(unverified.time - now_ms) > CLOCK_SKEW_MS:
        raise EventInvalid
    return _apply(state, unverified, hashlib.sha256(event).digest())


def verify_chain(events: Iterable[tuple[bytes, Signatures]], *, origin: str) -> State:
    """Return the state after all `events`, the first of which is `create`. Raises what `verify_event` raises."""
    state: State | None = None
    for event, signatures in events:
        state = verify_event(state, event, signatures, origin=origin)
    if state is None:
        raise EventInvalid
    return state


def _check_signatures(state: State | None, event: UnverifiedEvent, signed: bytes, given: Signatures) -> None:
    body = event.body
    identity_key = state.identity_key if state else body.identity_key if isinstance(body, CreateBody) else b""
    needed: list[tuple[bytes, bytes | None]] = [(identity_key, given.identity)]
    device = None if isinstance(body, DeviceRemoveBody) else body.device
    if device is not None:
        needed += [(device.sign_in_key, given.sign_in), (device.signature_key, given.mls)]
    elif given.sign_in is not None or given.mls is not None:
        raise SignatureInvalid
    if state is not None:
        if given.authority is None or given.authority.key not in _authorities(state):
            raise SignatureInvalid
        needed.append((given.authority.key, given.authority.signature))
    elif given.authority is not None:
        raise SignatureInvalid
    for key, signature in needed:
        if signature is None or not ed25519.verify(key, signature, signed):
            raise SignatureInvalid


def _authorities(state: State) -> set[bytes]:
    return {device.sign_in_key for device in state.devices if device.removed is None} | set(state.recovery_keys)


def _apply(state: State | None, event: UnverifiedEvent, event_hash: bytes) -> State:
    match event.body, state:
        case CreateBody() as body, None:
            # The keys of the new account are all different from each other; its device is checked against them below.
            if len({body.identity_key, *body.recovery_keys}) != 1 + len(body.recovery_keys):
                raise EventInvalid
            empty = State(
                event.account, body.username, body.identity_key, body.recovery_keys, (), event.seq, event_hash
            )
            return _with_device(empty, body.device, event.seq, event_hash)
        case DeviceAddBody() as body, State():
            return _with_device(state, body.device, event.seq, event_hash)
        case DeviceRemoveBody() as body, State():
            return _without_device(state, body.device_id, event.seq, event_hash)
    raise EventInvalid


def _with_device(state: State, device: NewDevice, seq: int, event_hash: bytes) -> State:
    keys = {device.signature_key, device.sign_in_key}
    if len(keys) != 2 or keys & state.keys() or any(old.device_id == device.device_id for old in state.devices):
        raise EventInvalid
    added = DeviceState(device.device_id, device.signature_key, device.sign_in_key, device.suites, seq)
    return replace(state, devices=(*state.devices, added), seq=seq, hash=event_hash)


def _without_device(state: State, device_id: bytes, seq: int, event_hash: bytes) -> State:
    if not any(device.device_id == device_id and device.removed is None for device in state.devices):
        raise EventInvalid
    devices = tuple(
        replace(device, removed=seq) if device.device_id == device_id else device for device in state.devices
    )
    return replace(state, devices=devices, seq=seq, hash=event_hash)
