"""Groups are measured as they are: everything that a group does, on every side of it, and its bytes."""

import os
import subprocess

import pytest

from benchmarks.groups import __main__ as groups
from benchmarks.groups import tables
from benchmarks.servers.running import ROOT, inherited, run_module


@pytest.fixture(scope="module", autouse=True)
def _node():
    folder = run_module("scripts.node_path", [], inherited(PYTHONPATH=str(ROOT / "scripts"))).strip()
    before = os.environ["PATH"]
    os.environ["PATH"] = f"{folder}{os.pathsep}{before}"
    yield
    os.environ["PATH"] = before


@pytest.mark.parametrize("tree", groups.TREES)
def test_each_side_of_a_change_is_measured_beside_its_ceilings(tree, capsys):
    few, more = (groups.measure("1", tree, members, 1) for members in (2, 4))
    assert {name: set(of) - {"bytes"} for name, of in more.items()} == {
        "add": {"make", "read", "join"},
        "remove": {"make", "read"},
        "settings": {"make", "read"},
        "message": {"make", "read"},
    }
    # Of two the one that is taken out is the one who would read it.
    assert "read" not in few["remove"]
    for of in more.values():
        for step in set(of) - {"bytes"}:
            assert min(of[step].values()) > 0
    assert more["add"]["bytes"]["welcome"] > few["add"]["bytes"]["welcome"]
    assert more["message"]["bytes"] == few["message"]["bytes"]
    tables.tell({"1": {tree: {"2": few, "4": more}}})
    told = capsys.readouterr().out
    assert f"classic, a {tree} tree" in told
    assert "remove, welcome" not in told


def test_a_fresh_tree_costs_more_bytes_than_a_used_one():
    fresh, used = (groups.measure("1", tree, 6, 1) for tree in groups.TREES)
    assert fresh["settings"]["bytes"]["commit"] > used["settings"]["bytes"]["commit"]


def test_a_group_of_one_is_not_measured():
    with pytest.raises(subprocess.CalledProcessError):
        groups.measure("1", "used", 1, 1)
