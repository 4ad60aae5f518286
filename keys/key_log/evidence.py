"""What a browser saved when it caught the log: who else reads it learns what it proves, and what it does not.

Signatures are the log's own, so nobody else could have made them up. What a browser says besides (`code`, `found`, a
head that somebody told) is its word.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from keys import base64url
from keys.key_log import leaf as leaves
from keys.key_log import prefix_map, tree
from keys.key_log.checkpoint import Checkpoint, open_checkpoint
from keys.key_log.errors import KeyLogInvalid, LogKeyChanged
from keys.key_log.note import Verifier, read_vkey

KIND = "talk2me key log evidence"
FIELDS = frozenset({"v", "kind", "origin", "log", "code", "found", "ours", "theirs", "proof", "entry"})
# Returns the root that an exported log has at a size, None beyond its end.
RootAt = Callable[[int], bytes | None]


@dataclass
class Finding:
    """Sentences for people; `proven` once something is that an honest log can't have signed."""

    says: list[str] = field(default_factory=list)
    proven: bool = False

    def note(self, sentence: str) -> None:
        """Add what is so, or not known."""
        self.says.append(sentence)

    def prove(self, sentence: str) -> None:
        """Add what nobody can explain away."""
        self.says.append(f"PROVEN: {sentence}")
        self.proven = True


def sizes_in(evidence: Mapping[str, Any]) -> set[int]:
    """Return the sizes at which an export can be compared with the evidence. Raises KeyLogInvalid."""
    verifier = _verifier(evidence)
    return {one.size for one in _signed(evidence, verifier, Finding()).values()}


def check_evidence(evidence: Mapping[str, Any], exported: RootAt | None = None) -> Finding:
    """Return what the file proves, with an exported log to compare with if there is one. Raises KeyLogInvalid."""
    finding, verifier = Finding(), _verifier(evidence)
    finding.note(f"the log of {evidence['origin']}, whose key is {verifier.vkey}")
    signed = _signed(evidence, verifier, finding)
    _compare_the_two(evidence, signed, finding)
    _check_entry(evidence["entry"], list(signed.values()), finding)
    if exported is not None:
        _compare_with_export(signed, exported, finding)
    return finding


def _verifier(evidence: Mapping[str, Any]) -> Verifier:
    if not isinstance(evidence, Mapping) or not evidence.keys() >= FIELDS:
        raise KeyLogInvalid
    if (evidence["v"], evidence["kind"]) != (1, KIND) or not isinstance(evidence["log"], str):
        raise KeyLogInvalid
    return read_vkey(evidence["log"])


def _signed(evidence: Mapping[str, Any], verifier: Verifier, finding: Finding) -> dict[str, Checkpoint]:
    """Return the checkpoints that the log has signed: `ours`, which the browser held, and `theirs`, shown to it."""
    found = {}
    for name in ("ours", "theirs"):
        note = evidence[name]
        if not note:
            continue
        try:
            found[name] = open_checkpoint(str(note), verifier)
        except LogKeyChanged:
            finding.note(f"{name}: a checkpoint that this key has not signed; others may have made it")
        except KeyLogInvalid:
            finding.note(f"{name}: no checkpoint, or with a wrong signature; worth nothing")
        else:
            finding.note(f"{name}: signed by the log, {found[name].size} leaves, root {found[name].root.hex()}")
    return found


def _compare_the_two(evidence: Mapping[str, Any], signed: Mapping[str, Checkpoint], finding: Finding) -> None:
    if len(signed) < 2:
        return
    older, newer = sorted(signed.values(), key=lambda one: one.size)
    if older.size == newer.size:
        if older.root == newer.root:
            finding.note("the two are the same tree")
        else:
            finding.prove(f"the log has signed two different trees of {older.size} leaves")
        return
    proof = evidence["proof"]
    if not isinstance(proof, Mapping) or (proof.get("from"), proof.get("to")) != (older.size, newer.size):
        finding.note("of different sizes, without a proof between them: an export of the log may tell")
    elif tree.verify_consistency(older.size, newer.size, _hashes(proof.get("hashes")), older.root, newer.root):
        finding.note("the larger tree is proven to begin with the smaller: the two are of one history")
    else:
        finding.note("the log was asked to prove that the larger tree begins with the smaller, and its answer does not")
        finding.note("that answer is not signed: an honest log can still prove it, one that forked never can")


def _check_entry(entry: Any, signed: list[Checkpoint], finding: Finding) -> None:
    if entry is None:
        return
    if not isinstance(entry, Mapping):
        raise KeyLogInvalid
    position, data, index = _number(entry.get("position")), _bytes(entry.get("leaf")), _bytes(entry.get("index"))
    holding = _trees_with(data, position, entry.get("inclusion"), signed)
    leaf = leaves.decode(data)
    if not holding or leaf.index != index or leaf.type not in leaves.IN_MAP:
        finding.note("entry: the leaf is not proven to be in a tree that the log has signed")
        return
    finding.note(f"entry: leaf {position} is in the log, about {index.hex()}; who it is about is the browser's word")
    last, absent = entry.get("last"), entry.get("absent")
    if not isinstance(last, Mapping) or not isinstance(absent, Mapping):
        finding.note("entry: nothing shows that the map denies it")
        return
    for one in signed:
        # Whether the tree with the later map is the same or a fork: the log has signed both.
        if one.size > position and _trees_with(_bytes(last.get("leaf")), one.size - 1, last.get("inclusion"), [one]):
            root = leaves.decode(_bytes(last.get("leaf"))).map_root
            if prefix_map.verify_absent(root, index, _hashes(absent.get("path")), _other(absent.get("other"))):
                finding.prove(
                    f"leaf {position} was entered, and the map that the log signed at {one.size} leaves denies it"
                )
                return
    finding.note("entry: that the map denies it is not proven by a tree that the log has signed")


def _compare_with_export(signed: Mapping[str, Checkpoint], exported: RootAt, finding: Finding) -> None:
    for name, one in signed.items():
        root = exported(one.size)
        if root is None:
            finding.note(f"{name}: the exported log is shorter, so it was exported earlier or has been cut back")
        elif root == one.root:
            finding.note(f"{name}: the exported log begins with this tree")
        else:
            finding.prove(f"{name}: the exported log, signed by the same key, has another tree of {one.size} leaves")


def _trees_with(leaf: bytes, position: int, inclusion: Any, signed: list[Checkpoint]) -> list[Checkpoint]:
    proof, hashed = _hashes(inclusion), tree.leaf_hash(leaf)
    return [one for one in signed if tree.verify_inclusion(hashed, position, one.size, proof, one.root)]


def _other(found: Any) -> prefix_map.Entry | None:
    if found is None:
        return None
    if not isinstance(found, Mapping):
        raise KeyLogInvalid
    return prefix_map.Entry(_bytes(found.get("key")), _number(found.get("position")))


def _number(found: Any) -> int:
    if type(found) is not int:
        raise KeyLogInvalid
    return found


def _hashes(found: Any) -> list[bytes]:
    data = _bytes(found)
    return [data[at : at + 32] for at in range(0, len(data), 32)]


def _bytes(found: Any) -> bytes:
    try:
        return base64url.decode(found)
    except (TypeError, ValueError) as error:
        raise KeyLogInvalid from error
