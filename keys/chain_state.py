"""What an account chain says (docs/protocol.md 1): the values that verified events lead to. Pure."""

from dataclasses import dataclass
from typing import Literal


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
class Announced:
    """Recovery keys that a device wants to put in the place of lost ones; `time` in unix ms, as the event says it."""

    recovery_keys: tuple[bytes, ...]
    time: int
    seq: int


@dataclass(frozen=True)
class Reset:
    """The last start over: the event that made it, and whether a recovery key or only the operator vouched for it."""

    seq: int
    by: Literal["recovery", "operator"]


@dataclass(frozen=True)
class State:
    """What a chain says after its event `seq`, whose SHA-256 is `hash`. Devices in the order they were added.

    `former_identities` are the identity keys that resets have ended, the oldest first.
    """

    account: bytes
    username: str
    identity_key: bytes
    recovery_keys: tuple[bytes, ...]
    devices: tuple[DeviceState, ...]
    seq: int
    hash: bytes
    announced: Announced | None = None
    reset: Reset | None = None
    former_identities: tuple[bytes, ...] = ()

    def keys(self) -> set[bytes]:
        """Return every key that a new one may not be."""
        of_devices = {key for device in self.devices for key in (device.signature_key, device.sign_in_key)}
        return {self.identity_key, *self.former_identities, *self.recovery_keys, *of_devices}

    def active_devices(self) -> tuple[DeviceState, ...]:
        """Return the devices that no event has removed."""
        return tuple(device for device in self.devices if device.removed is None)
