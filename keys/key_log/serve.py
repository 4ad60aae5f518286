"""The objects that the server answers with (docs/key_log.md 4), put together from what was read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from keys import base64url
from keys.key_log import prefix_map, tree


@dataclass(frozen=True)
class Tail:
    """The tree that is told of: its size, the bytes of its last leaf, and the size that was asked `since`."""

    size: int
    since: int
    last: bytes


@dataclass(frozen=True)
class Shown:
    """One entry to prove: its leaf's bytes and opening, its place in the map and that of its next version."""

    version: int
    position: int
    leaf: bytes
    opening: bytes
    present: prefix_map.Proof
    absent: prefix_map.Proof | None


def hashes(found: list[bytes]) -> str:
    """Return a proof as it travels."""
    return base64url.encode(b"".join(found))


def needed_nodes(size: int, since: int, positions: list[int]) -> set[int]:
    """Return the numbers of the tree nodes that `log_object` and the root of the tree need."""
    plans = [tree.inclusion_plan(position, size) for position in (size - 1, *positions)]
    return tree.numbers(tree.consistency_plan(usable(since, size), size), [tree.frontier_parts(size)], *plans)


def usable(since: int, size: int) -> int:
    """Return the size that consistency can be proven from; 0, which needs no proof, for one that is not there yet."""
    return since if since <= size else 0


def log_object(note: str, tail: Tail, nodes: Mapping[int, bytes], entries: Mapping[str, Shown]) -> dict[str, Any]:
    """Return the `log` of an answer, `note` being signed for the tree that ends with `tail`."""
    size, since = tail.size, usable(tail.since, tail.size)
    return {
        "checkpoint": note,
        "consistency": hashes(tree.resolve(tree.consistency_plan(since, size), nodes)),
        "last": _leaf(tail.last, size - 1, size, nodes),
        **{name: _entry(shown, size, nodes) for name, shown in entries.items()},
    }


def genesis_object(
    leaf: bytes, size: int, nodes: Mapping[int, bytes], *, opening: bytes, directory_key: bytes
) -> dict[str, Any]:
    """Return the `genesis` of the directory."""
    return {
        **_leaf(leaf, 0, size, nodes),
        "opening": base64url.encode(opening),
        "directory_key": base64url.encode(directory_key),
    }


def _leaf(leaf: bytes, position: int, size: int, nodes: Mapping[int, bytes]) -> dict[str, Any]:
    proof = tree.resolve(tree.inclusion_plan(position, size), nodes)
    return {"leaf": base64url.encode(leaf), "inclusion": hashes(proof)}


def _entry(shown: Shown, size: int, nodes: Mapping[int, bytes]) -> dict[str, Any]:
    found = {
        "version": shown.version,
        "position": shown.position,
        **_leaf(shown.leaf, shown.position, size, nodes),
        "opening": base64url.encode(shown.opening),
        "present": hashes(shown.present.path),
    }
    if shown.absent is not None:
        found["absent"] = {"path": hashes(shown.absent.path), "other": _other(shown.absent.end)}
    return found


def _other(entry: prefix_map.Entry | None) -> dict[str, Any] | None:
    return None if entry is None else {"key": base64url.encode(entry.key), "position": entry.position}
