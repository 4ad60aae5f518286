"""The map from an index (32 bytes) to a position in the log: a prefix tree that only grows (docs/key_log.md 2).

Bits go from the most significant one down. Inner nodes are kept by their prefix, the bits from the root to them, with
the hashes of both children; a subtree with one entry has no node, and is found among the entries.
"""

import hashlib
from dataclasses import dataclass
from typing import Protocol

from keys.key_log.errors import KeyLogInvalid

EMPTY = bytes(32)
DEEPEST = 256
Children = tuple[bytes, bytes]


@dataclass(frozen=True)
class Entry:
    key: bytes
    position: int

    def hash(self) -> bytes:
        """Return the hash of the subtree that holds this entry alone."""
        return hashlib.sha256(b"\2" + self.key + self.position.to_bytes(8, "big")).digest()


class Store(Protocol):
    """Where nodes and entries are. Prefixes are as `prefix_of` gives them."""

    def children(self, prefix: bytes) -> Children | None:
        """Return the children of an inner node; None where there is none."""

    def set_children(self, prefix: bytes, children: Children) -> None:
        """Keep an inner node, in the place of an older one of that prefix."""

    def only_entry(self, prefix: bytes) -> Entry | None:
        """Return the entry whose key begins with `prefix`, there being one at most."""

    def add_entry(self, entry: Entry) -> None:
        """Keep an entry."""


@dataclass(frozen=True)
class Proof:
    """The siblings from the root down, and what stands where the key's path ends: its own, another's, or no entry."""

    path: list[bytes]
    end: Entry | None
    root: bytes


def inner_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of a subtree with two entries or more."""
    return hashlib.sha256(b"\3" + left + right).digest()


def bit(key: bytes, depth: int) -> int:
    """Return the bit of `key` that decides below a node at `depth`."""
    return key[depth >> 3] >> (7 - (depth & 7)) & 1


def prefix_of(key: bytes, depth: int) -> bytes:
    """Return the first `depth` bits of `key`: their number (u16), then the bits, zeros behind."""
    whole = bytearray(key[: (depth + 7) >> 3])
    if depth & 7:
        whole[-1] &= 0xFF << (8 - (depth & 7)) & 0xFF
    return depth.to_bytes(2, "big") + bytes(whole)


def keys_under(prefix: bytes) -> tuple[bytes, bytes]:
    """Return the lowest and the highest key that begin with `prefix`."""
    depth, bits = int.from_bytes(prefix[:2], "big"), prefix[2:]
    low = int.from_bytes(bits.ljust(32, b"\0"), "big")
    return low.to_bytes(32, "big"), (low | (1 << DEEPEST - depth) - 1).to_bytes(32, "big")


def prove(store: Store, key: bytes) -> Proof:
    """Return the path of `key` and what is at its end, with the root that they give."""
    nodes = _nodes_on_path(store, key)
    path = [children[1 - bit(key, depth)] for depth, children in enumerate(nodes)]
    end = _end_of(store, key, nodes)
    # Read apart from the nodes, which may be newer or older: the root says whether they fit.
    return Proof(path, end, _climb(key, end.hash() if end else EMPTY, path))


def insert(store: Store, entry: Entry) -> bytes:
    """Add an entry and return the new root. Raises KeyLogInvalid if its key is there: nothing is ever replaced."""
    key = entry.key
    nodes = _nodes_on_path(store, key)
    other = _end_of(store, key, nodes)
    if other is not None:
        if other.key == key:
            raise KeyLogInvalid
        # Both begin with the same bits: inner nodes down to the one that parts them.
        while bit(key, len(nodes)) == bit(other.key, len(nodes)):
            nodes.append((EMPTY, EMPTY))
        nodes.append((other.hash(), other.hash()))
    store.add_entry(entry)
    root = entry.hash()
    for depth in reversed(range(len(nodes))):
        left, right = nodes[depth]
        children = (left, root) if bit(key, depth) else (root, right)
        store.set_children(prefix_of(key, depth), children)
        root = inner_hash(*children)
    return root


def verify_present(root: bytes, key: bytes, position: int, path: list[bytes]) -> bool:
    """Say whether `path` proves that the map of `root` leads from `key` to `position`."""
    if not 0 <= position < 2**64 or not _fits(key, path):
        return False
    return _climb(key, Entry(key, position).hash(), path) == root


def verify_absent(root: bytes, key: bytes, path: list[bytes], other: Entry | None) -> bool:
    """Say whether `path` proves that the map of `root` has none for `key`; `other` is the entry in its place."""
    if not _fits(key, path):
        return False
    if other is None:
        return _climb(key, EMPTY, path) == root
    if not 0 <= other.position < 2**64 or len(other.key) != 32 or other.key == key:
        return False
    if prefix_of(other.key, len(path)) != prefix_of(key, len(path)):
        return False
    return _climb(key, other.hash(), path) == root


def _nodes_on_path(store: Store, key: bytes) -> list[Children]:
    nodes: list[Children] = []
    while len(nodes) < DEEPEST:
        children = store.children(prefix_of(key, len(nodes)))
        if children is None:
            break
        nodes.append(children)
    return nodes


def _end_of(store: Store, key: bytes, nodes: list[Children]) -> Entry | None:
    depth = len(nodes)
    if nodes and nodes[-1][bit(key, depth - 1)] == EMPTY:
        return None
    return store.only_entry(prefix_of(key, depth))


def _climb(key: bytes, end: bytes, path: list[bytes]) -> bytes:
    found = end
    for depth in reversed(range(len(path))):
        found = inner_hash(path[depth], found) if bit(key, depth) else inner_hash(found, path[depth])
    return found


def _fits(key: bytes, path: list[bytes]) -> bool:
    return len(key) == 32 and len(path) <= DEEPEST and all(len(one) == 32 for one in path)
