"""The append-only tree: hashes, stored nodes, proofs (RFC 6962; RFC 9162, 2.1).

Of each complete subtree the root is stored, numbered in the order in which they become complete: a node's number never
changes, and the log only ever adds to the end. What a proof needs is first named as numbers, a tuple of them for each
hash, so that a database is asked once; `resolve` then makes hashes of these.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence

# One hash of a proof: the stored nodes that it is folded from, left to right.
Parts = tuple[int, ...]
Plan = list[Parts]
# Returns the stored nodes of these numbers.
NodeReader = Callable[[Iterable[int]], Mapping[int, bytes]]


def leaf_hash(leaf: bytes) -> bytes:
    """Return the hash of a leaf's bytes."""
    return hashlib.sha256(b"\0" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of a node from its children's."""
    return hashlib.sha256(b"\1" + left + right).digest()


def node_number(level: int, n: int) -> int:
    """Return the number of the `n`th complete subtree of 2**level leaves, both counted from 0."""
    # It is complete with its last leaf; before that one, 2 * last - (ones in last) nodes are stored.
    last = ((n + 1) << level) - 1
    return 2 * last - last.bit_count() + level


def node_count(size: int) -> int:
    """Return how many nodes are stored for `size` leaves."""
    return 2 * size - size.bit_count()


def frontier_parts(size: int) -> Parts:
    """Return the numbers of the roots of the complete subtrees that `size` leaves fall into, largest first."""
    return _cover(0, size)


def fold(hashes: Sequence[bytes]) -> bytes:
    """Return the root over the roots of complete subtrees, largest first; of none, that of the empty tree."""
    if not hashes:
        return hashlib.sha256().digest()
    root = hashes[-1]
    for left in reversed(hashes[:-1]):
        root = node_hash(left, root)
    return root


def append(size: int, frontier: Sequence[bytes], leaves: Iterable[bytes]) -> tuple[list[bytes], list[bytes]]:
    """Return the nodes that `leaves` (their bytes) add to a log of `size`, and its new frontier.

    The first node's number is `node_count(size)`, the others follow.
    """
    added, held = [], list(frontier)
    for position, leaf in enumerate(leaves, size):
        node = leaf_hash(leaf)
        added.append(node)
        # Each 1 at the end of the position is a complete subtree that waits for its right sibling.
        for _ in range((~position & (position + 1)).bit_length() - 1):
            node = node_hash(held.pop(), node)
            added.append(node)
        held.append(node)
    return added, held


def inclusion_plan(position: int, size: int) -> Plan:
    """Return what proves that a leaf is in the tree of `size`, from its sibling up (RFC 9162, 2.1.3.1)."""
    low, high, plan = 0, size, []
    while high - low > 1:
        middle = low + _largest_power_below(high - low)
        if position < middle:
            plan.append(_cover(middle, high))
            high = middle
        else:
            plan.append(_cover(low, middle))
            low = middle
    return plan[::-1]


def consistency_plan(first: int, second: int) -> Plan:
    """Return what proves that the tree of `second` leaves begins with that of `first` (RFC 9162, 2.1.4.1)."""
    if first in (0, second):
        return []
    low, high, size, plan = 0, second, first, []
    while size != high - low:
        middle = low + _largest_power_below(high - low)
        if size <= middle - low:
            plan.append(_cover(middle, high))
            high = middle
        else:
            plan.append(_cover(low, middle))
            size -= middle - low
            low = middle
    # The subtree that both share; who verifies has its root already if that is the whole first tree.
    return ([_cover(low, high)] if low else []) + plan[::-1]


def numbers(*plans: Plan) -> set[int]:
    """Return all stored nodes that the plans name."""
    return {number for plan in plans for parts in plan for number in parts}


def resolve(plan: Plan, nodes: Mapping[int, bytes]) -> list[bytes]:
    """Return the hashes that a plan stands for. Raises KeyError when a node is not there."""
    return [fold([nodes[number] for number in parts]) for parts in plan]


def read(plan: Plan, reader: NodeReader) -> list[bytes]:
    """Return the hashes that a plan stands for, asking `reader` once."""
    return resolve(plan, reader(numbers(plan)))


def verify_inclusion(leaf: bytes, position: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Say whether the leaf of the hash `leaf` is proven to be at `position` in the tree (RFC 9162, 2.1.3.2)."""
    if not 0 <= position < size or not _are_hashes(leaf, root, *proof):
        return False
    node, last, found = position, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if node & 1 or node == last:
            found = node_hash(sibling, found)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and found == root


def verify_consistency(first: int, second: int, proof: Sequence[bytes], first_root: bytes, second_root: bytes) -> bool:
    """Say whether the tree of `second` leaves is proven to begin with that of `first` (RFC 9162, 2.1.4.2).

    Every tree begins with the empty one, whatever root that is said to have, and its proof is empty.
    """
    if not 0 <= first <= second or not _are_hashes(first_root, second_root, *proof):
        return False
    if first in (0, second):
        return not proof and (first == 0 or first_root == second_root)
    hashes = list(proof)
    if first & (first - 1) == 0:
        hashes.insert(0, first_root)
    if not hashes:
        return False
    node, last = first - 1, second - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    old = new = hashes[0]
    for sibling in hashes[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root


def _cover(low: int, high: int) -> Parts:
    """Return the complete subtrees of the leaves from `low` to `high`, largest first, as a tree has them there."""
    found = []
    while low < high:
        level = (high - low).bit_length() - 1
        found.append(node_number(level, low >> level))
        low += 1 << level
    return tuple(found)


def _largest_power_below(size: int) -> int:
    return 1 << (size - 1).bit_length() - 1


def _are_hashes(*found: bytes) -> bool:
    return all(len(one) == 32 for one in found)
