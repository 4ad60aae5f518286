"""The form of account events (docs/protocol.md 1): strict reading of bytes into unverified values.

Pure. What comes out has the right shape and nothing more; only keys/chain.py makes it something to believe.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from keys import base64url, ed25519, strict_json
from talk2me.errors import EventInvalid, SignatureInvalid

MAX_EVENT_BYTES = 16 * 1024
MAX_RECOVERY_KEYS = 8
MAX_SUITES = 8
FIELDS = frozenset({"v", "account", "seq", "prev", "type", "time", "body"})
DEVICE_FIELDS = frozenset({"device_id", "signature_key", "sign_in_key", "suites"})


@dataclass(frozen=True)
class NewDevice:
    """`device_id` 16 bytes, Ed25519 keys of 32, `suites` in the order of preference."""

    device_id: bytes
    signature_key: bytes
    sign_in_key: bytes
    suites: tuple[int, ...]


@dataclass(frozen=True)
class CreateBody:
    identity_key: bytes
    recovery_keys: tuple[bytes, ...]
    username: str
    device: NewDevice


@dataclass(frozen=True)
class DeviceAddBody:
    device: NewDevice


@dataclass(frozen=True)
class DeviceRemoveBody:
    device_id: bytes


@dataclass(frozen=True)
class RecoveryRotateBody:
    recovery_keys: tuple[bytes, ...]


@dataclass(frozen=True)
class RecoveryAnnounceBody:
    recovery_keys: tuple[bytes, ...]


@dataclass(frozen=True)
class RecoveryObjectBody:
    pass


@dataclass(frozen=True)
class ResetBody:
    identity_key: bytes
    recovery_keys: tuple[bytes, ...]
    device: NewDevice


Body = (
    CreateBody
    | DeviceAddBody
    | DeviceRemoveBody
    | RecoveryRotateBody
    | RecoveryAnnounceBody
    | RecoveryObjectBody
    | ResetBody
)


@dataclass(frozen=True)
class UnverifiedEvent:
    """`prev` is 32 bytes, or none in the first event; `time` is unix milliseconds."""

    account: bytes
    seq: int
    prev: bytes
    type: str
    time: int
    body: Body


@dataclass(frozen=True)
class Authority:
    key: bytes
    signature: bytes


@dataclass(frozen=True)
class Signatures:
    """The signatures beside an event, 64 bytes each."""

    identity: bytes
    sign_in: bytes | None = None
    mls: bytes | None = None
    authority: Authority | None = None


def _fields(found: Any, names: frozenset[str]) -> dict[str, Any]:
    if not isinstance(found, dict) or found.keys() != names:
        raise ValueError
    return found


def _bytes(found: Any, size: int) -> bytes:
    if not isinstance(found, str):
        raise ValueError  # noqa: TRY004 - one exception for every wrong shape
    return base64url.decode(found, size)


def _key(found: Any) -> bytes:
    key = _bytes(found, 32)
    if not ed25519.is_acceptable(key):
        raise ValueError
    return key


def _integer(found: Any, least: int, most: int = strict_json.LARGEST) -> int:
    # bool is an int to Python and none to JSON.
    if type(found) is not int or not least <= found <= most:
        raise ValueError
    return found


def _list(found: Any, most: int) -> list[Any]:
    if not isinstance(found, list) or not 1 <= len(found) <= most:
        raise ValueError
    return found


def _device(found: Any) -> NewDevice:
    fields = _fields(found, DEVICE_FIELDS)
    suites = tuple(_integer(suite, 1, 0xFFFF) for suite in _list(fields["suites"], MAX_SUITES))
    if len(set(suites)) != len(suites):
        raise ValueError
    return NewDevice(
        _bytes(fields["device_id"], 16), _key(fields["signature_key"]), _key(fields["sign_in_key"]), suites
    )


def _recovery_keys(found: Any) -> tuple[bytes, ...]:
    return tuple(_key(key) for key in _list(found, MAX_RECOVERY_KEYS))


def _create(found: Any) -> CreateBody:
    fields = _fields(found, frozenset({"identity_key", "recovery_keys", "username", "device"}))
    if not isinstance(fields["username"], str) or not fields["username"]:
        raise ValueError
    recovery_keys = _recovery_keys(fields["recovery_keys"])
    return CreateBody(_key(fields["identity_key"]), recovery_keys, fields["username"], _device(fields["device"]))


def _device_add(found: Any) -> DeviceAddBody:
    return DeviceAddBody(_device(_fields(found, frozenset({"device"}))["device"]))


def _device_remove(found: Any) -> DeviceRemoveBody:
    return DeviceRemoveBody(_bytes(_fields(found, frozenset({"device_id"}))["device_id"], 16))


def _recovery_rotate(found: Any) -> RecoveryRotateBody:
    return RecoveryRotateBody(_recovery_keys(_fields(found, frozenset({"recovery_keys"}))["recovery_keys"]))


def _recovery_announce(found: Any) -> RecoveryAnnounceBody:
    return RecoveryAnnounceBody(_recovery_keys(_fields(found, frozenset({"recovery_keys"}))["recovery_keys"]))


def _recovery_object(found: Any) -> RecoveryObjectBody:
    _fields(found, frozenset())
    return RecoveryObjectBody()


def _reset(found: Any) -> ResetBody:
    fields = _fields(found, frozenset({"identity_key", "recovery_keys", "device"}))
    return ResetBody(_key(fields["identity_key"]), _recovery_keys(fields["recovery_keys"]), _device(fields["device"]))


BODIES: dict[str, Callable[[Any], Body]] = {
    "create": _create,
    "device_add": _device_add,
    "device_remove": _device_remove,
    "recovery_rotate": _recovery_rotate,
    "recovery_announce": _recovery_announce,
    "recovery_object": _recovery_object,
    "reset": _reset,
}


def read_event(event: bytes) -> UnverifiedEvent:
    """Return what `event` says, believed by nobody yet. Raises EventInvalid."""
    if len(event) > MAX_EVENT_BYTES:
        raise EventInvalid
    try:
        return _event(_fields(strict_json.read_object(event), FIELDS))
    except ValueError as error:
        raise EventInvalid from error


def _event(fields: dict[str, Any]) -> UnverifiedEvent:
    _integer(fields["v"], 1, 1)
    seq = _integer(fields["seq"], 1)
    kind = fields["type"]
    if not isinstance(kind, str) or kind not in BODIES or (kind == "create") != (seq == 1):
        raise ValueError
    prev = _bytes(fields["prev"], 0 if seq == 1 else 32)
    time = _integer(fields["time"], 0)
    return UnverifiedEvent(_bytes(fields["account"], 16), seq, prev, kind, time, BODIES[kind](fields["body"]))


def read_signatures(found: Any) -> Signatures:
    """Return the signatures from their JSON object. Raises SignatureInvalid for any other shape."""
    try:
        return _signatures(found)
    except ValueError as error:
        raise SignatureInvalid from error


def _signatures(found: Any) -> Signatures:
    if not isinstance(found, dict) or not found.keys() <= {"identity", "sign_in", "mls", "authority"}:
        raise ValueError
    plain = {name: _bytes(found[name], 64) for name in ("sign_in", "mls") if name in found}
    authority = None
    if "authority" in found:
        fields = _fields(found["authority"], frozenset({"key", "signature"}))
        authority = Authority(_bytes(fields["key"], 32), _bytes(fields["signature"], 64))
    return Signatures(identity=_bytes(found.get("identity"), 64), authority=authority, **plain)


def write_signatures(signatures: Signatures) -> dict[str, Any]:
    """Return the JSON object of `signatures`, without those that are not there."""
    found: dict[str, Any] = {"identity": base64url.encode(signatures.identity)}
    if signatures.sign_in is not None:
        found["sign_in"] = base64url.encode(signatures.sign_in)
    if signatures.mls is not None:
        found["mls"] = base64url.encode(signatures.mls)
    if signatures.authority is not None:
        found["authority"] = {
            "key": base64url.encode(signatures.authority.key),
            "signature": base64url.encode(signatures.authority.signature),
        }
    return found
