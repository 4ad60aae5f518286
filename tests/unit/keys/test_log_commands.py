"""manage.py beat_key_log, export_log, audit_log and check_evidence."""

import copy
import json
import time
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from keys import base64url, log_key, services
from keys.key_log import leaf as leaves
from keys.key_log import note, prefix_map, serve
from keys.key_log.checkpoint import sign_checkpoint
from keys.log_storage import writer
from keys.models import LogLeaf
from tests import factories
from tests.key_log_in_memory import LogInMemory

pytestmark = pytest.mark.django_db
HOUR = 3600 * 1000
KEY_OF_NOBODY = note.Signer("127.0.0.1:8000/keylog/1", bytes(32)).verifier.vkey


def run(*words, **options):
    out = StringIO()
    call_command(*map(str, words), stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def clock(monkeypatch):
    """Hours that have passed, for the log's writer."""
    start = time.time_ns()
    hours = [0]
    monkeypatch.setattr(writer.time, "time_ns", lambda: start + hours[0] * HOUR * 1_000_000)
    return hours


@pytest.fixture
def exported(tmp_path):
    factories.add_device(factories.make_account())
    run("export_log", tmp_path / "log")
    return tmp_path / "log"


def last_leaf():
    return leaves.decode(LogLeaf.objects.order_by("-position").first().body)


def test_the_heart_beats_when_nothing_was_said_for_twelve_hours(clock):
    assert run("beat_key_log") == ""
    before = last_leaf()
    clock[0] = 11
    assert run("beat_key_log") == ""
    clock[0] = 12
    assert run("beat_key_log") == "added a heartbeat\n"
    beat = last_leaf()
    assert beat.type == leaves.HEARTBEAT
    assert beat.time - before.time == 12 * HOUR
    assert beat.time % 60_000 == 0
    assert run("beat_key_log") == ""
    # The clock was ahead, and no leaf of now would be seen for long.
    clock[0] = -12
    assert run("beat_key_log") == "added a heartbeat\n"


def test_a_log_grows_on_after_its_heartbeats(clock):
    factories.make_account()
    clock[0] = 12
    run("beat_key_log")
    factories.make_account()
    assert run("verify_log").startswith("6 leaves")


def test_an_export_is_the_note_an_empty_line_and_the_leaves(exported):
    data = exported.read_bytes()
    signed = services.read_checkpoint().encode()
    assert data.startswith(signed + b"\n")
    assert data[len(signed) + 1 :] == services.read_leaves(0, 4)
    assert len(data) == len(signed) + 1 + 4 * 106


def test_an_export_in_several_pieces_is_whole(exported, monkeypatch):
    before = exported.read_bytes()
    monkeypatch.setattr("keys.management.commands.export_log.MOST_LEAVES", 3)
    run("export_log", exported)
    assert exported.read_bytes() == before


def test_an_export_is_audited(exported):
    assert run("audit_log", exported) == f"4 leaves, signed by {log_key.vkey()}; all of them are as signed\n"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda data: data[:-106], "checkpoint: it was signed for 4 other leaves than these 3"),
        (lambda data: data[:-1], "leaf 3: it is no leaf"),
        (lambda data: data + bytes(106), "leaf 4: it is no leaf"),
        (lambda data: data[:-1] + bytes([data[-1] ^ 1]), "leaf 3: its map root is not what"),
        (lambda data: data[:-50] + bytes([data[-50] ^ 1]) + data[-49:], "checkpoint: it was signed for 4 other"),
        (lambda data: data + data[-212:-106], "leaf 4: its index has a leaf already, at 2"),
        (lambda data: data.replace(b"\n4\n", b"\n5\n"), "the checkpoint does not hold: key_log_invalid"),
        (lambda data: data[:0], "the checkpoint does not hold: key_log_invalid"),
    ],
)
def test_an_export_that_was_changed_is_refused(exported, change, said):
    exported.write_bytes(change(exported.read_bytes()))
    with pytest.raises(CommandError) as found:
        run("audit_log", exported)
    assert said in str(found.value)


def test_an_export_of_another_key_is_refused(exported):
    with pytest.raises(CommandError, match="log_key_changed"):
        run("audit_log", exported, "--key", KEY_OF_NOBODY)
    with pytest.raises(CommandError, match="can't be read"):
        run("audit_log", exported.parent / "no such file")


def test_long_silences_are_told(clock, tmp_path, monkeypatch):
    factories.make_account()
    clock[0] = 30
    factories.make_account()
    run("export_log", tmp_path / "log")
    said = run("audit_log", tmp_path / "log")
    assert said.startswith("silent before leaf 3: ")
    monkeypatch.setattr("keys.management.commands.audit_log.time.time", lambda: time.time_ns() / 1e9 + 27 * 3600)
    assert "silent since" in run("audit_log", tmp_path / "log")


# --- what a browser saved --------------------------------------------------------------------------------------------


def evidence(ours, theirs=None, proof=None, entry=None, code="log_split"):
    return {
        "v": 1, "kind": "talk2me key log evidence", "origin": "http://127.0.0.1:8000", "log": log_key.vkey(),
        "code": code, "found": 1, "ours": ours, "theirs": theirs, "told": None, "proof": proof, "entry": entry,
    }  # fmt: skip


@pytest.fixture
def check(tmp_path):
    """Checks evidence and gives whether it proves anything, with what is said."""

    def check(found, *words):
        (tmp_path / "evidence.json").write_text(json.dumps(found))
        out = StringIO()
        try:
            call_command("check_evidence", str(tmp_path / "evidence.json"), *map(str, words), stdout=out)
        except CommandError as error:
            return False, out.getvalue() + str(error)
        return True, out.getvalue()

    return check


def fork(size):
    """Another log of this key."""
    return sign_checkpoint(size, bytes(32), log_key.signer())


def test_two_signed_trees_of_one_size_prove_a_fork(check, exported):
    proven, said = check(evidence(services.read_checkpoint(), fork(4)))
    assert proven
    assert "PROVEN: the log has signed two different trees of 4 leaves" in said


def test_a_proof_that_fails_proves_nothing_without_an_export(check, exported):
    proof = {"from": 3, "to": 4, "hashes": ""}
    found = evidence(services.read_checkpoint(), fork(3), proof)
    proven, said = check(found)
    assert not proven
    assert "its answer does not" in said
    proven, said = check(found, "--export", exported)
    assert proven
    assert "PROVEN: theirs: the exported log, signed by the same key, has another tree of 3 leaves" in said
    assert "ours: the exported log begins with this tree" in said


def test_an_honest_log_is_not_accused(check, exported):
    earlier = services.read_checkpoint()
    factories.make_account()
    later = services.read_checkpoint()
    proof = {"from": 4, "to": 6, "hashes": services.read_consistency(4, 6)}
    for ours, theirs in ((earlier, later), (later, earlier)):
        proven, said = check(evidence(ours, theirs, proof), "--export", exported)
        assert not proven
        assert "the two are of one history" in said
        assert "the exported log is shorter" in said
    assert not check(evidence(earlier, earlier))[0]
    assert not check(evidence(earlier, later))[0]


def test_what_others_signed_proves_nothing(check, exported):
    stranger = note.Signer("127.0.0.1:8000/keylog/1", bytes(32))
    other = note.sign_note(services.read_checkpoint().split("\n\n")[0] + "\n", stranger)
    proven, said = check(evidence(services.read_checkpoint(), other, code="log_key_changed"))
    assert not proven
    assert "theirs: a checkpoint that this key has not signed" in said
    assert "worth nothing" in check(evidence("nothing", fork(4)))[1]


def dropped_entry(*, deny):
    """A checkpoint, and a leaf below it that the map of the last leaf has, or denies."""
    log = LogInMemory("http://127.0.0.1:8000", log_key.signer())
    log.append_event(b"a" * 16, b"event")
    kept = copy.deepcopy(log.map), log.map_root
    position = log.append_event(b"b" * 16, b"event").position
    index = leaves.decode(log.leaves[position]).index
    if deny:
        log.map, log.map_root = kept
    log.heartbeat()
    proof = prefix_map.prove(log.map, index)
    end = proof.end and {"key": base64url.encode(proof.end.key), "position": proof.end.position}
    return log.checkpoint(), {
        "position": position,
        "index": base64url.encode(index),
        "leaf": base64url.encode(log.leaves[position]),
        "inclusion": serve.hashes(log.inclusion(position, log.size)),
        "last": log.log()["last"],
        "absent": {"path": serve.hashes(proof.path), "other": end},
    }


def test_a_map_that_denies_what_was_entered_is_proven(check):
    signed, entry = dropped_entry(deny=True)
    proven, said = check(evidence(signed, entry=entry, code="log_entry_dropped"))
    assert proven
    assert "PROVEN: leaf 2 was entered, and the map that the log signed at 4 leaves denies it" in said


def test_a_map_that_has_what_was_entered_is_not_accused(check):
    signed, entry = dropped_entry(deny=False)
    proven, said = check(evidence(signed, entry=entry, code="log_entry_dropped"))
    assert not proven
    assert "that the map denies it is not proven" in said
    unproven = entry | {"inclusion": "", "last": None, "absent": None}
    assert "not proven to be in a tree" in check(evidence(signed, entry=unproven))[1]
    alone = entry | {"last": None, "absent": None}
    assert "who it is about is the browser's word" in check(evidence(signed, entry=alone))[1]


@pytest.mark.parametrize("changed", [{"v": 2}, {"kind": "other"}, {"log": "x"}, {"entry": 5}, {"entry": {}}])
def test_what_is_no_evidence_is_refused(check, exported, changed):
    proven, said = check(evidence(services.read_checkpoint()) | changed)
    assert not proven
    assert "this is no evidence" in said
    assert "can't be read" in check([])[1]


@pytest.mark.django_db(transaction=True)
def test_a_server_is_audited_from_outside(live_server, check):
    factories.make_account()
    said = run("audit_log", live_server.url)
    assert said == f"3 leaves, signed by {log_key.vkey()}; all of them are as signed\n"
    with pytest.raises(CommandError, match="log_key_changed"):
        run("audit_log", live_server.url, "--key", KEY_OF_NOBODY)
    assert check(evidence(fork(2)), "--export", live_server.url)[0]
