"""tests/vectors/key_log.json is what its seeds give, and this side reads it as it says."""

import json

import pytest

from keys import base64url
from keys.key_log import answer, note, prefix_map, tree
from keys.key_log import leaf as leaves
from keys.key_log.checkpoint import open_checkpoint
from keys.key_log.errors import KeyLogInvalid
from keys.key_log.map_in_memory import MapInMemory
from tests.unit.keys.key_log import vectors

VECTORS = json.loads(vectors.PATH.read_text())
VERIFIER = note.read_vkey(VECTORS["vkey"])
decode = base64url.decode


def cases(name):
    return pytest.mark.parametrize("case", VECTORS[name], ids=lambda case: case.get("name", ""))


def code_of(check):
    """The code that `check` fails with, or None."""
    try:
        check()
    except KeyLogInvalid as error:
        return error.code
    return None


def hashes(text):
    data = decode(text)
    return [data[at : at + 32] for at in range(0, len(data), 32)]


def test_the_vectors_are_what_their_seeds_give():
    assert vectors.PATH.read_text() == vectors.as_text(vectors.build())


@cases("leaves")
def test_a_leaf_is_read_or_refused(case):
    data = decode(case["leaf"])
    if case["read"] is None:
        with pytest.raises(KeyLogInvalid):
            leaves.decode(data)
    else:
        assert vectors.as_json(leaves.decode(data)) == case["read"]
        assert leaves.decode(data).encode() == data


@cases("indexes")
def test_an_index_is_what_its_label_gives(case):
    given = {name: decode(case[name]) for name in ("account", "directory_key") if name in case}
    index = (
        lambda: leaves.genesis_index(case["origin"]),
        lambda: leaves.account_index(given["account"], case["version"]),
        lambda: leaves.username_index(given["directory_key"], case["username"], case["version"]),
    )[case["kind"]]
    assert index() == decode(case["index"])


@cases("commitments")
def test_a_commitment_is_what_it_opens_to(case):
    opening, index, content, commitment = (decode(case[name]) for name in ("opening", "index", "content", "commitment"))
    assert leaves.commitment(opening, index, content) == commitment


def test_every_proof_of_a_small_tree_holds():
    case = VECTORS["tree"]
    roots, data = [decode(one) for one in case["roots"]], [decode(one) for one in case["leaves"]]
    for size, root in enumerate(roots):
        assert tree.fold(hashes(case["frontiers"][size])) == root
        for position, proof in enumerate(case["inclusion"][size]):
            assert tree.verify_inclusion(tree.leaf_hash(data[position]), position, size, hashes(proof), root)
        for first, proof in enumerate(case["consistency"][size]):
            assert tree.verify_consistency(first, size, hashes(proof), roots[first], root)


def test_the_map_grows_to_these_roots():
    store = MapInMemory()
    for one in VECTORS["map"]["entries"]:
        entry = prefix_map.Entry(decode(one["key"]), one["position"])
        assert prefix_map.insert(store, entry) == decode(one["root"])


@pytest.mark.parametrize("case", VECTORS["map"]["proofs"], ids=lambda case: case["name"])
def test_a_proof_of_the_map_holds_or_not(case):
    root, key, path = decode(case["root"]), decode(case["key"]), hashes(case["path"])
    if case["position"] is not None:
        assert prefix_map.verify_present(root, key, case["position"], path) == case["holds"]
        return
    other = case["other"] and prefix_map.Entry(decode(case["other"]["key"]), case["other"]["position"])
    assert prefix_map.verify_absent(root, key, path, other) == case["holds"]


@cases("vkeys")
def test_a_verifier_key_is_read_or_refused(case):
    if case["read"] is None:
        with pytest.raises(KeyLogInvalid):
            note.read_vkey(case["vkey"])
        return
    verifier = note.read_vkey(case["vkey"])
    read = {"name": verifier.name, "id": verifier.key_id.hex(), "key": base64url.encode(verifier.key)}
    assert (read, verifier.vkey) == (case["read"], case["vkey"])


@cases("notes")
def test_a_note_is_read_or_refused(case):
    assert code_of(lambda: open_checkpoint(case["note"], VERIFIER)) == case["error"]
    if case["error"] is None:
        found = open_checkpoint(case["note"], VERIFIER)
        read = {"name": found.origin, "size": found.size, "root": base64url.encode(found.root)}
        assert read == case["read"]
        assert note.write_note(note.read_note(case["note"])) == case["note"]


@cases("answers")
def test_an_answer_holds_or_is_refused(case):
    assert code_of(lambda: verify(case)) == case["error"]


def verify(case):
    """Everything that a browser would check of an answer."""
    held, log = case["held"], case["log"]
    seen = answer.verify_log(log, held and answer.Head(held["size"], decode(held["root"])), VERIFIER)
    if case["chain"]:
        account, first, last = (decode(case["chain"][name]) for name in ("account", "first", "last"))
        answer.verify_account(log, seen, answer.Chain(account, first, last, case["chain"]["seq"]))
    if case["username"]:
        key, owner = decode(VECTORS["directory_key"]), decode(case["username"]["account"])
        answer.verify_username(log, seen, key, case["username"]["username"], owner)


@cases("directories")
def test_a_directory_holds_or_is_refused(case):
    def check():
        given = case["answer"]
        seen = answer.verify_log(given["log"], None, VERIFIER)
        answer.verify_frontier(given["frontier"], seen.checkpoint)
        key = answer.verify_genesis(given["genesis"], seen, VECTORS["origin"])
        assert key == decode(case["directory_key"])

    assert code_of(check) == case["error"]
