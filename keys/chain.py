"""The account chain (docs/protocol.md 1): verifying events and following the state they make.

Pure: bytes, keys and the time come as arguments. The browser does the same in static/js/protocol; both replay
tests/vectors/account_chain.json.
"""

import hashlib
from collections.abc import Iterable

from keys import ed25519, labels
from keys.chain_event import CreateBody, Signatures, read_event
from keys.chain_rules import needed_signatures, next_state
from keys.chain_state import State
from talk2me.errors import ChainConflict, EventInvalid, SignatureInvalid

CLOCK_SKEW_MS = 24 * 3600 * 1000


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
    signed = labels.signed_event(origin, event)
    for key, signature in needed_signatures(state, unverified, signatures):
        if not ed25519.verify(key, signature, signed):
            raise SignatureInvalid
    if state is not None and (unverified.seq, unverified.prev) != (state.seq + 1, state.hash):
        raise ChainConflict
    if now_ms is not None and abs(unverified.time - now_ms) > CLOCK_SKEW_MS:
        raise EventInvalid
    has_authority = signatures.authority is not None
    return next_state(state, unverified, hashlib.sha256(event).digest(), has_authority=has_authority)


def verify_chain(events: Iterable[tuple[bytes, Signatures]], *, origin: str) -> State:
    """Return the state after all `events`, the first of which is `create`. Raises what `verify_event` raises."""
    state: State | None = None
    for event, signatures in events:
        state = verify_event(state, event, signatures, origin=origin)
    if state is None:
        raise EventInvalid
    return state
