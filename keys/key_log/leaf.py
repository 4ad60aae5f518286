"""Leaves: what the log says of each event (docs/key_log.md 1)."""

import hashlib
import hmac
from dataclasses import dataclass

from keys.key_log.errors import KeyLogInvalid

BYTES = 106
VERSION = 1
GENESIS, ACCOUNT, USERNAME, HEARTBEAT = 0, 1, 2, 255
TYPES = frozenset({GENESIS, ACCOUNT, USERNAME, HEARTBEAT})
# The types whose `index` has an entry in the map.
IN_MAP = frozenset({ACCOUNT, USERNAME})
NOTHING = bytes(32)
MINUTE_MS = 60_000
# So few of an account or a name that its owner can look for all that there could be.
MOST_VERSIONS = 1024
# Integers that every reader knows exactly.
LARGEST = 2**53 - 1


@dataclass(frozen=True)
class Leaf:
    """`time` is unix milliseconds; `index`, `commitment` and `map_root` have 32 bytes."""

    type: int
    time: int
    index: bytes
    commitment: bytes
    map_root: bytes

    def encode(self) -> bytes:
        """Return the 106 bytes."""
        head = bytes([VERSION, self.type]) + self.time.to_bytes(8, "big")
        return head + self.index + self.commitment + self.map_root


def decode(data: bytes) -> Leaf:
    """Return the leaf of 106 bytes. Raises KeyLogInvalid, also for a heartbeat that says more than its time."""
    if len(data) != BYTES or data[0] != VERSION or data[1] not in TYPES:
        raise KeyLogInvalid
    leaf = Leaf(data[1], int.from_bytes(data[2:10], "big"), data[10:42], data[42:74], data[74:106])
    if leaf.time > LARGEST or (leaf.type == HEARTBEAT and (leaf.index, leaf.commitment) != (NOTHING, NOTHING)):
        raise KeyLogInvalid
    return leaf


def heartbeat(time: int, map_root: bytes) -> Leaf:
    """Return the leaf that only says that the log is alive."""
    return Leaf(HEARTBEAT, to_the_minute(time), NOTHING, NOTHING, map_root)


def to_the_minute(time: int) -> int:
    """Return unix milliseconds rounded down to the minute."""
    return time - time % MINUTE_MS


def genesis_index(origin: str) -> bytes:
    """Return the index of the first leaf, `origin` being the web origin."""
    label = origin.encode()
    return _index(GENESIS, label if len(label) <= 255 else hashlib.sha256(label).digest(), 1)


def account_index(account: bytes, seq: int) -> bytes:
    """Return the index of the event `seq` of the account of that id (16 bytes)."""
    return _index(ACCOUNT, account, seq)


def username_index(directory_key: bytes, username: str, version: int) -> bytes:
    """Return the index of the `version`th account that is called so; who lacks the directory key can't guess names."""
    return _index(USERNAME, hmac.digest(directory_key, username.encode(), "sha256"), version)


def commitment(opening: bytes, index: bytes, content: bytes) -> bytes:
    """Return what hides `content` until the opening (32 random bytes) is shown."""
    return hmac.digest(b"talk2me-commitment", opening + index + content, "sha256")


def _index(kind: int, label: bytes, version: int) -> bytes:
    named = bytes([kind, len(label)]) + label + version.to_bytes(4, "big")
    return hashlib.sha256(b"talk2me-keylog-v1" + named).digest()
