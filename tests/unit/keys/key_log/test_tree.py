"""The tree whatever its size, against the definition of RFC 9162, 2.1.1."""

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from keys.key_log import tree

sizes = st.integers(1, 300)


def by_definition(leaves):
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\0" + leaves[0]).digest()
    middle = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\1" + by_definition(leaves[:middle]) + by_definition(leaves[middle:])).digest()


def some_leaves(size):
    return [n.to_bytes(2, "big") for n in range(size)]


ALL = some_leaves(300)
NODES, _ = tree.append(0, [], ALL)


def test_nodes_are_numbered_in_the_order_in_which_they_are_complete():
    complete = []
    for position in range(64):
        level = 0
        while (position + 1) % (1 << level) == 0:
            complete.append((level, position >> level))
            level += 1
    assert [tree.node_number(*one) for one in complete] == list(range(len(complete)))
    assert tree.node_count(64) == len(complete)


@given(st.lists(st.integers(1, 9), max_size=12))
def test_a_tree_that_grew_in_pieces_is_the_tree_of_all_its_leaves(pieces):
    size, frontier, nodes = 0, [], []
    for piece in pieces:
        added, frontier = tree.append(size, frontier, ALL[size : size + piece])
        assert tree.node_count(size) == len(nodes)
        nodes += added
        size += piece
        assert frontier == [nodes[number] for number in tree.frontier_parts(size)]
    assert nodes == NODES[: tree.node_count(size)]
    assert tree.fold(frontier) == by_definition(ALL[:size])


@given(sizes, st.data())
def test_inclusion_is_proven_of_the_right_leaf_only(size, data):
    position = data.draw(st.integers(0, size - 1))
    root, leaf = by_definition(ALL[:size]), tree.leaf_hash(ALL[position])
    proof = tree.resolve(tree.inclusion_plan(position, size), NODES)
    assert tree.verify_inclusion(leaf, position, size, proof, root)
    other = data.draw(st.integers(0, size).filter(lambda one: one != position))
    assert not tree.verify_inclusion(leaf, other, size, proof, root)
    assert not tree.verify_inclusion(tree.leaf_hash(b"other"), position, size, proof, root)
    assert not tree.verify_inclusion(leaf, position, size, [*proof, bytes(32)], root)
    assert not proof or not tree.verify_inclusion(leaf, position, size, proof[:-1], root)


@given(sizes, sizes, st.data())
def test_consistency_is_proven_of_what_grew_only(one, other, data):
    first, second = sorted((one, other))
    old, new = by_definition(ALL[:first]), by_definition(ALL[:second])
    proof = tree.resolve(tree.consistency_plan(first, second), NODES)
    assert tree.verify_consistency(first, second, proof, old, new)
    changed = list(ALL[:first])
    changed[data.draw(st.integers(0, first - 1))] = b"changed"
    assert not tree.verify_consistency(first, second, proof, by_definition(changed), new)
    assert not tree.verify_consistency(first, second, [*proof, bytes(32)], old, new)
    if proof:
        at = data.draw(st.integers(0, len(proof) - 1))
        assert not tree.verify_consistency(first, second, proof[:at] + proof[at + 1 :], old, new)


def test_what_is_no_hash_proves_nothing():
    root = by_definition(ALL[:2])
    left, right = tree.leaf_hash(ALL[0]), tree.leaf_hash(ALL[1])
    assert tree.verify_inclusion(left, 0, 2, [right], root)
    assert not tree.verify_inclusion(left, 0, 2, [right + b"\0"], root)
    assert not tree.verify_inclusion(left, -1, 2, [right], root)
    # Hashes joined otherwise are the same bytes.
    assert not tree.verify_inclusion(left[:31], 0, 2, [left[31:] + right], root)
