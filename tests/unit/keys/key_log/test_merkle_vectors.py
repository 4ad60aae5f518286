"""The inclusion and consistency cases of the transparency-dev project, each of which has its expected verdict."""

import base64
import json
import os
from pathlib import Path

import pytest

from keys.key_log import tree

BESIDE = Path(__file__).resolve().parents[4].parent / "shared/vectors"
FOLDER = Path(os.environ.get("SHARED_VECTORS", BESIDE)) / "merkle"
CASES = sorted(FOLDER.rglob("*.json"))
# Two equal texts of 12 bytes as roots: their library does not look at them, ours takes nothing for a hash that is none.
NO_ROOTS = "consistency/additional/sizes-are-equal-one-and-proof-is-empty.json"


def hashes(found):
    return [base64.b64decode(one) for one in found or []]


def holds(case):
    proof = hashes(case["proof"])
    if "leafIdx" in case:
        leaf, root = hashes([case["leafHash"], case["root"]])
        return tree.verify_inclusion(leaf, case["leafIdx"], case["treeSize"], proof, root)
    return tree.verify_consistency(case["size1"], case["size2"], proof, *hashes([case["root1"], case["root2"]]))


@pytest.mark.skipif(not FOLDER.is_dir(), reason=f"no {FOLDER}: SHARED_VECTORS names the folder that holds merkle/")
def test_all_of_them_are_here():
    assert len(CASES) == 196


@pytest.mark.parametrize("path", CASES, ids=lambda path: str(path.relative_to(FOLDER)))
def test_the_verdict_is_the_expected_one(path):
    case = json.loads(path.read_text())
    refused = case["wantErr"] or path == FOLDER / NO_ROOTS
    assert holds(case) != refused, case["desc"]
