"""Verifying what the server answers (docs/key_log.md 4 and 5), as the browser does in static/js/protocol.

`verify_log` comes first; the other functions check parts of the same answer against what it returned. They take JSON
objects as they were parsed and raise KeyLogInvalid, or one of its kinds, for whatever does not hold. How old the last
leaf may be is for who calls to say.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from keys import base64url
from keys.key_log import leaf as leaves
from keys.key_log import prefix_map, tree
from keys.key_log.checkpoint import Checkpoint, open_checkpoint
from keys.key_log.errors import KeyLogInvalid, LogRolledBack, LogSplit
from keys.key_log.leaf import Leaf
from keys.key_log.note import Verifier

MOST_TREE_HASHES = 64
LOG_FIELDS = frozenset({"checkpoint", "consistency", "last"})
ENTRIES = frozenset({"account", "first", "username"})
ENTRY_FIELDS = frozenset({"version", "position", "leaf", "inclusion", "opening", "present"})
JsonObject = Mapping[str, Any]


@dataclass(frozen=True)
class Head:
    """A tree that has been seen."""

    size: int
    root: bytes


@dataclass(frozen=True)
class Seen:
    """A checkpoint that fits the one before, and the leaf at its end, whose map everything is proven against."""

    checkpoint: Checkpoint
    last: Leaf


@dataclass(frozen=True)
class Chain:
    """What is known of an account: the exact bytes of its first and last event, and the last one's `seq`."""

    account: bytes
    first: bytes
    last: bytes
    seq: int


@dataclass(frozen=True)
class _Claim:
    """What an entry is to prove: that its leaf, of this type, is at one of these indexes and commits to `content`."""

    kind: int
    index_of: Callable[[int], bytes]
    content: bytes


def verify_log(log: JsonObject, held: Head | None, verifier: Verifier) -> Seen:
    """Return what `log` proves of itself; `held` is the head seen before, if any.

    Raises KeyLogInvalid, LogKeyChanged, LogRolledBack or LogSplit.
    """
    _fields(log, LOG_FIELDS, ENTRIES)
    checkpoint = open_checkpoint(_text(log["checkpoint"]), verifier)
    _verify_history(checkpoint, held, _hashes(log["consistency"], MOST_TREE_HASHES))
    _fields(log["last"], frozenset({"leaf", "inclusion"}))
    return Seen(checkpoint, _verify_leaf(log["last"], checkpoint.size - 1, checkpoint))


def verify_account(log: JsonObject, seen: Seen, chain: Chain) -> None:
    """Verify that the log has the chain, and that the chain ends where the log's does."""

    def index(version: int) -> bytes:
        return leaves.account_index(chain.account, version)

    last = _verify_entry(log.get("account"), seen, _Claim(leaves.ACCOUNT, index, chain.last), newest=True)
    if last != chain.seq or ("first" in log) != (chain.seq > 1):
        raise KeyLogInvalid
    if "first" in log:
        first = _verify_entry(log["first"], seen, _Claim(leaves.ACCOUNT, index, chain.first), newest=False)
        if first != 1:
            raise KeyLogInvalid


def verify_username(log: JsonObject, seen: Seen, directory_key: bytes, username: str, account: bytes) -> int:
    """Verify that the name's newest entry is this account's; return how many accounts were called so."""

    def index(version: int) -> bytes:
        return leaves.username_index(directory_key, username, version)

    return _verify_entry(log.get("username"), seen, _Claim(leaves.USERNAME, index, account), newest=True)


def verify_genesis(genesis: JsonObject, seen: Seen, origin: str) -> bytes:
    """Verify the log's first leaf and return the directory key, which it commits to."""
    _fields(genesis, frozenset({"leaf", "inclusion", "opening", "directory_key"}))
    leaf, directory_key = _verify_leaf(genesis, 0, seen.checkpoint), _bytes(genesis["directory_key"], 32)
    index = leaves.genesis_index(origin)
    _verify_opening(leaf, leaves.GENESIS, index, _bytes(genesis["opening"], 32), directory_key)
    if leaf.map_root != prefix_map.EMPTY:
        raise KeyLogInvalid
    return directory_key


def verify_frontier(frontier: Any, checkpoint: Checkpoint) -> list[bytes]:
    """Return the roots of the complete subtrees, from which the tree can be continued, if they give its root."""
    found = _hashes(frontier, MOST_TREE_HASHES)
    if len(found) != checkpoint.size.bit_count() or tree.fold(found) != checkpoint.root:
        raise KeyLogInvalid
    return found


def _verify_history(checkpoint: Checkpoint, held: Head | None, proof: list[bytes]) -> None:
    if held is None or held.size == 0:
        if proof:
            raise KeyLogInvalid
        return
    if checkpoint.size < held.size:
        raise LogRolledBack
    if not tree.verify_consistency(held.size, checkpoint.size, proof, held.root, checkpoint.root):
        # With the same head twice nothing is proven, and nobody caught.
        raise KeyLogInvalid if checkpoint.size == held.size and checkpoint.root == held.root else LogSplit


def _verify_entry(entry: Any, seen: Seen, claim: _Claim, *, newest: bool) -> int:
    """Verify an entry, with `newest` also that there is no next version of it; return its version."""
    _fields(entry, ENTRY_FIELDS | {"absent"} if newest else ENTRY_FIELDS)
    version, position = (
        _number(entry["version"], 1, leaves.MOST_VERSIONS),
        _number(entry["position"], 0, leaves.LARGEST),
    )
    index, root = claim.index_of(version), seen.last.map_root
    leaf = _verify_leaf(entry, position, seen.checkpoint)
    _verify_opening(leaf, claim.kind, index, _bytes(entry["opening"], 32), claim.content)
    if not prefix_map.verify_present(root, index, position, _hashes(entry["present"], prefix_map.DEEPEST)):
        raise KeyLogInvalid
    if newest:
        _verify_absent(entry["absent"], root, claim.index_of(version + 1))
    return version


def _verify_absent(absent: Any, root: bytes, index: bytes) -> None:
    _fields(absent, frozenset({"path", "other"}))
    other = absent["other"]
    if other is not None:
        _fields(other, frozenset({"key", "position"}))
        other = prefix_map.Entry(_bytes(other["key"], 32), _number(other["position"], 0, leaves.LARGEST))
    path = _hashes(absent["path"], prefix_map.DEEPEST)
    if not prefix_map.verify_absent(root, index, path, other):
        raise KeyLogInvalid


def _verify_leaf(found: JsonObject, position: int, checkpoint: Checkpoint) -> Leaf:
    data = _bytes(found["leaf"], leaves.BYTES)
    proof = _hashes(found["inclusion"], MOST_TREE_HASHES)
    if not tree.verify_inclusion(tree.leaf_hash(data), position, checkpoint.size, proof, checkpoint.root):
        raise KeyLogInvalid
    return leaves.decode(data)


def _verify_opening(leaf: Leaf, kind: int, index: bytes, opening: bytes, content: bytes) -> None:
    right = (kind, index, leaves.commitment(opening, index, content))
    if (leaf.type, leaf.index, leaf.commitment) != right:
        raise KeyLogInvalid


def _fields(found: Any, needed: frozenset[str], allowed: frozenset[str] = frozenset()) -> None:
    if not isinstance(found, Mapping) or not needed <= found.keys() <= needed | allowed:
        raise KeyLogInvalid


def _text(found: Any) -> str:
    if not isinstance(found, str):
        raise KeyLogInvalid
    return found


def _number(found: Any, least: int, most: int) -> int:
    if type(found) is not int or not least <= found <= most:
        raise KeyLogInvalid
    return found


def _bytes(found: Any, size: int | None = None) -> bytes:
    try:
        return base64url.decode(_text(found), size)
    except ValueError as error:
        raise KeyLogInvalid from error


def _hashes(found: Any, most: int) -> list[bytes]:
    data = _bytes(found)
    if len(data) % 32 or len(data) > 32 * most:
        raise KeyLogInvalid
    return [data[at : at + 32] for at in range(0, len(data), 32)]
