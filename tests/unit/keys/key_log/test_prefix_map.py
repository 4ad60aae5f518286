"""The map whatever is in it, against the definition of docs/key_log.md 2."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keys.key_log import prefix_map
from keys.key_log.errors import KeyLogInvalid
from keys.key_log.map_in_memory import MapInMemory
from keys.key_log.prefix_map import EMPTY, Entry

# Few bits that differ, so that paths are long and shared.
keys = st.one_of(
    st.binary(min_size=32, max_size=32),
    st.integers(0, 7).map(lambda n: n.to_bytes(32, "big")),
    st.integers(0, 7).map(lambda n: (n << 253).to_bytes(32, "big")),
)


def by_definition(entries, depth=0):
    if not entries:
        return EMPTY
    if len(entries) == 1:
        return hashlib.sha256(b"\2" + entries[0].key + entries[0].position.to_bytes(8, "big")).digest()
    halves = [[one for one in entries if prefix_map.bit(one.key, depth) == side] for side in (0, 1)]
    return hashlib.sha256(b"\3" + b"".join(by_definition(half, depth + 1) for half in halves)).digest()


def build(found):
    """A map of these keys, each leading to its place in the list, with its root."""
    store, root = MapInMemory(), EMPTY
    for position, key in enumerate(found):
        root = prefix_map.insert(store, Entry(key, position))
    return store, root


@given(st.lists(keys, max_size=20, unique=True), keys)
def test_the_root_is_that_of_the_definition_and_everything_is_proven(found, wanted):
    store, root = build(found)
    assert root == by_definition([Entry(key, position) for position, key in enumerate(found)])
    for position, key in enumerate(found):
        proof = prefix_map.prove(store, key)
        assert (proof.end, proof.root) == (Entry(key, position), root)
        assert prefix_map.verify_present(root, key, position, proof.path)
        assert not prefix_map.verify_present(root, key, position + 1, proof.path)
        assert not prefix_map.verify_absent(root, key, proof.path, None)
        assert not prefix_map.verify_absent(root, key, proof.path, proof.end)
    proof = prefix_map.prove(store, wanted)
    assert proof.root == root
    assert prefix_map.verify_absent(root, wanted, proof.path, proof.end) == (wanted not in found)


@given(st.lists(keys, min_size=1, max_size=12, unique=True), st.randoms(use_true_random=False))
def test_the_order_does_not_matter_to_the_root(found, random):
    entries = [Entry(key, position) for position, key in enumerate(found)]
    random.shuffle(entries)
    store = MapInMemory()
    assert [prefix_map.insert(store, entry) for entry in entries][-1] == by_definition(entries)


@given(st.lists(keys, min_size=1, max_size=8, unique=True), st.data())
def test_an_entry_is_never_replaced(found, data):
    store, root = build(found)
    key = data.draw(st.sampled_from(found))
    with pytest.raises(KeyLogInvalid):
        prefix_map.insert(store, Entry(key, 99))
    assert prefix_map.prove(store, key).root == root


@given(st.binary(min_size=32, max_size=32), st.integers(0, 256))
def test_a_prefix_says_which_keys_begin_with_it(key, depth):
    prefix = prefix_map.prefix_of(key, depth)
    low, high = prefix_map.keys_under(prefix)
    assert low <= key <= high
    assert prefix_map.prefix_of(low, depth) == prefix_map.prefix_of(high, depth) == prefix
    assert int.from_bytes(high, "big") - int.from_bytes(low, "big") == 2 ** (256 - depth) - 1
