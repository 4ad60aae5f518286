"""What `keys` itself does on its own signals, inside the transaction of what happened."""

from collections.abc import Sequence
from typing import Any

from keys import signals
from keys.services.passkeys import drop_stale


def connect() -> None:
    """Listen to `keys`."""
    signals.recovery_keys_changed.connect(on_recovery_keys_changed, dispatch_uid="keys")


def on_recovery_keys_changed(account: bytes, recovery_keys: Sequence[bytes], **_rest: Any) -> None:
    """Forget the passkeys of recovery keys that are gone."""
    drop_stale(account, recovery_keys)
