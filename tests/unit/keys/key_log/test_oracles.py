"""Independent implementations verify what ours makes: tlog-scales checkpoints and proofs, pymerkle roots and paths."""

from pymerkle import InmemoryTree
from tlog_scales.signing import Vkey
from tlog_scales.tlog import Checkpoint, ConsistencyProof, InclusionProof

from keys.key_log import tree
from tests.unit.keys.key_log import vectors

SIZES = range(1, 40)
LEAVES = [bytes([n]) * 3 for n in SIZES]
NODES, _ = tree.append(0, [], LEAVES)
ROOTS = [tree.fold(tree.append(0, [], LEAVES[:size])[1]) for size in range(len(LEAVES) + 1)]


def test_tlog_scales_verifies_our_checkpoints():
    _, log = vectors.main_log()
    found = Checkpoint.from_text(log.checkpoint())
    found.verify(Vkey.from_string(vectors.SIGNER.verifier.vkey))
    assert (found.origin, found.size, found.root_hash) == ("chat.example/keylog/1", log.size, log.root)


def test_tlog_scales_verifies_our_proofs():
    for size in SIZES:
        for first in range(1, size + 1):
            proof = tree.resolve(tree.consistency_plan(first, size), NODES)
            ConsistencyProof(first, size, proof).check(ROOTS[first], ROOTS[size])
        for position in range(size):
            proof = tree.resolve(tree.inclusion_plan(position, size), NODES)
            InclusionProof(position, size, proof).check(tree.leaf_hash(LEAVES[position]), ROOTS[size])


def test_pymerkle_has_the_same_roots():
    other = InmemoryTree.init_from_entries(LEAVES)
    assert [other.get_root(size) for size in SIZES] == ROOTS[1:]
