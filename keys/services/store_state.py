"""The rows that mirror the state of a chain."""

from typing import Any

from keys.chain_state import State


def state_columns(state: State) -> dict[str, Any]:
    """Return the columns of an account that follow from its chain; `keys.selectors.chain_state` reads them."""
    announced, reset = state.announced, state.reset
    return {
        "identity_key": state.identity_key,
        "former_identities": b"".join(state.former_identities),
        "recovery_keys": b"".join(state.recovery_keys),
        "announced_keys": b"".join(announced.recovery_keys) if announced else None,
        "announced_time": announced.time if announced else None,
        "announced_seq": announced.seq if announced else None,
        "reset_seq": reset.seq if reset else None,
        "reset_by": reset.by if reset else None,
        "seq": state.seq,
        "head": state.hash,
    }
