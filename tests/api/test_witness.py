"""This server as a witness: key_log/witness/add-checkpoint, every status that C2SP tlog-witness has."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from tlog_scales.signing import Vkey, VkeySet
from tlog_scales.tlog import Checkpoint as TheirCheckpoint

from keys import ed25519, log_key, services
from keys.key_log import note, tree
from keys.key_log.checkpoint import Checkpoint, log_signer, sign_checkpoint
from keys.key_log.cosignature import newest_cosignature, read_witness, time_of
from keys.key_log.submission import MOST_BYTES, Submission, write_submission
from keys.models import WitnessedLog

pytestmark = pytest.mark.django_db
PATH = "/api/key_log/witness/add-checkpoint"
LOG = log_signer("https://chat.example", "tests only")
NEXT_KEY = log_signer("https://chat.example", "the next one")
OTHER = log_signer("https://other.example", "tests only")
LEAVES = [b"leaf %d" % n for n in range(40)]
NODES, _ = tree.append(0, [], LEAVES)


def root(size, leaves=LEAVES):
    return tree.fold(tree.append(0, [], leaves[:size])[1])


def proof(old, size):
    return tree.resolve(tree.consistency_plan(old, size), NODES)


def submission(old, size, *, signed=None, hashes=None):
    signed = sign_checkpoint(size, root(size), LOG) if signed is None else signed
    return write_submission(Submission(old, proof(old, size) if hashes is None else hashes, signed))


def post(body, client=None, **extra):
    return (client or Client()).post(PATH, body, content_type="text/plain; charset=utf-8", **extra)


@pytest.fixture(autouse=True)
def _witnesses_them(settings):
    settings.KEYLOG_WITNESSED_LOGS = f"{LOG.verifier.vkey}, {OTHER.verifier.vkey}"


@pytest.fixture
def at_seven(db):
    """The log's size is 7, and that has been signed."""
    assert post(submission(0, 7)).status_code == 200


def stored():
    return {row.origin: (row.size, row.root) for row in WitnessedLog.objects.all()}


def is_conflict(answer, size):
    told = (answer.status_code, answer.headers["Content-Type"], answer.content)
    return told == (409, "text/x.tlog.size", b"%d\n" % size)


def test_a_log_is_cosigned_from_nothing_and_as_it_grows():
    witness = read_witness(log_key.witness_vkey())
    for old, size in ((0, 1), (1, 7), (7, 8), (8, 8), (8, 39), (39, 40)):
        before = int(time.time())
        answer = post(submission(old, size))
        assert answer.status_code == 200
        assert stored() == {LOG.name: (size, root(size))}
        whole = sign_checkpoint(size, root(size), LOG) + answer.content.decode()
        line = newest_cosignature(note.read_note(whole), witness)
        assert before <= time_of(line) <= time.time()
        assert note.write_line(line) == answer.content.decode()


def test_an_independent_implementation_verifies_log_and_witness():
    signed = sign_checkpoint(9, root(9), LOG)
    found = TheirCheckpoint.from_text(signed + post(submission(0, 9)).content.decode())
    keys = VkeySet(Vkey.from_string(LOG.verifier.vkey), Vkey.from_string(log_key.witness_vkey()))
    assert len(keys.verify(found.signatures, found)) == 2


def test_the_key_of_the_witness_is_told_to_everyone(client):
    told = client.get("/api/server").json()["key_log_witness"]
    assert told == log_key.witness_vkey()
    assert told.startswith("127.0.0.1:8000/keylog/witness+")
    assert read_witness(told).key != log_key.signer().verifier.key


def test_each_log_has_a_size_of_its_own(at_seven):
    signed = sign_checkpoint(3, root(3), OTHER)
    assert post(submission(0, 3, signed=signed)).status_code == 200
    assert stored() == {LOG.name: (7, root(7)), OTHER.name: (3, root(3))}


def test_an_empty_log_is_cosigned_and_grows():
    assert post(submission(0, 0, signed=sign_checkpoint(0, root(0), LOG))).status_code == 200
    assert is_conflict(post(submission(0, 0, signed=sign_checkpoint(0, root(1), LOG))), 0)
    assert post(submission(0, 5)).status_code == 200


def test_lines_that_a_log_adds_are_signed_with_the_rest():
    text = Checkpoint(LOG.name, 7, root(7)).text + "a line of its own\n"
    answer = post(submission(0, 7, signed=note.sign_note(text, LOG)))
    found = note.Note(text, note.read_note(note.sign_note(text, LOG) + answer.content.decode()).signatures)
    assert newest_cosignature(found, read_witness(log_key.witness_vkey()))


def test_signatures_of_others_do_not_matter():
    signed = sign_checkpoint(7, root(7), LOG)
    stranger = note.Signature("stranger.example", b"1234", bytes(64))
    same_name = note.Signature(LOG.name, b"1234", bytes(64))
    found = note.read_note(signed)
    more = note.write_note(note.Note(found.text, (stranger, *found.signatures, same_name)))
    assert post(submission(0, 7, signed=more)).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"old 0\n\n",
        submission(0, 7).replace(b"old 0", b"old 00"),
        submission(0, 7).replace(b"old 0", b"old x"),
        submission(0, 7).replace(b"\n7\n", b"\n07\n"),
        submission(0, 7)[:-1],
        submission(0, 7) + b"\n",
        submission(0, 7).replace(b"\n", b"\r\n"),
        submission(0, 7, hashes=[b"short"]),
        submission(0, 7, hashes=[bytes(32)] * 64),
        submission(0, 7, signed=Checkpoint(LOG.name, 7, root(7)).text),
        submission(0, 7, signed=note.sign_note(f"{LOG.name}\n7\n\n{note.to_base64(root(7))}\n", LOG)),
        submission(8, 7, hashes=[]),
        b"\xff" + submission(0, 7),
    ],
)
def test_400_for_what_is_no_submission_or_starts_beyond_its_own_checkpoint(body, at_seven):
    answer = post(body)
    assert (answer.status_code, answer.json()) == (400, {"error": "bad_request"})


def test_413_for_more_than_any_submission_has():
    assert post(b" " * (MOST_BYTES + 1)).status_code == 413
    assert post(b" " * MOST_BYTES).status_code == 400


EIGHT = Checkpoint(LOG.name, 8, root(8)).text
OF_SEVEN = note.read_note(sign_checkpoint(7, root(7), LOG)).signatures
# The log's own key, but of a kind that signs no log.
KIND_4 = note.Signature(LOG.name, note.key_id(LOG.name, 4, LOG.verifier.key), ed25519.sign(LOG.seed, EIGHT.encode()))
UNSIGNED = {
    "another key": note.sign_note(EIGHT, NEXT_KEY),
    "another log's key": note.sign_note(EIGHT, OTHER),
    "a signature of another checkpoint": note.write_note(note.Note(EIGHT, OF_SEVEN)),
    "another kind of signature": note.write_note(note.Note(EIGHT, (KIND_4,))),
}


@pytest.mark.parametrize("signed", UNSIGNED.values(), ids=UNSIGNED)
def test_403_for_a_checkpoint_that_the_log_has_not_signed(signed, at_seven):
    assert post(submission(7, 8, signed=signed)).status_code == 403
    assert stored() == {LOG.name: (7, root(7))}


def test_403_comes_before_anything_of_the_log_is_told(at_seven):
    assert post(submission(3, 8, signed=sign_checkpoint(8, root(8), NEXT_KEY))).status_code == 403


def test_a_log_may_have_two_keys_for_a_while(settings, at_seven):
    settings.KEYLOG_WITNESSED_LOGS += " " + NEXT_KEY.verifier.vkey
    assert post(submission(7, 8, signed=sign_checkpoint(8, root(8), NEXT_KEY))).status_code == 200
    assert post(submission(8, 9)).status_code == 200


def test_404_for_a_log_that_is_not_witnessed(settings):
    stranger = log_signer("https://stranger.example", "tests only")
    assert post(submission(0, 7, signed=sign_checkpoint(7, root(7), stranger))).status_code == 404
    settings.KEYLOG_WITNESSED_LOGS = ""
    assert post(submission(0, 7)).status_code == 404
    assert stored() == {}


@pytest.mark.parametrize("old", [0, 3, 8])
def test_409_says_the_size_that_was_last_signed(old, at_seven):
    assert is_conflict(post(submission(old, 9)), 7)
    assert stored() == {LOG.name: (7, root(7))}


def test_409_of_a_log_never_seen_is_zero():
    assert is_conflict(post(submission(3, 7)), 0)
    assert stored() == {}


def test_409_for_another_tree_of_the_same_size_which_is_logged(at_seven, caplog):
    forked = sign_checkpoint(7, root(7, [b"other", *LEAVES]), LOG)
    assert is_conflict(post(submission(7, 7, signed=forked)), 7)
    assert [record.levelname for record in caplog.records if record.name == "keys.services.cosign_checkpoint"] == [
        "WARNING"
    ]
    assert stored() == {LOG.name: (7, root(7))}


@pytest.mark.parametrize(
    "body",
    [
        submission(7, 9, hashes=[]),
        submission(7, 9, hashes=proof(6, 9)),
        submission(7, 9, hashes=[*proof(7, 9), bytes(32)]),
        submission(7, 9, hashes=[bytes(32), *proof(7, 9)[1:]]),
        submission(7, 7, hashes=[bytes(32)]),
        submission(7, 9, signed=sign_checkpoint(9, root(9, [b"other", *LEAVES]), LOG)),
    ],
    ids=["none", "of another size", "one hash more", "a wrong hash", "one where none is needed", "of a fork"],
)
def test_422_for_a_proof_that_does_not_hold(body, at_seven):
    assert post(body).status_code == 422
    assert stored() == {LOG.name: (7, root(7))}


def test_422_for_a_proof_from_nothing():
    assert post(submission(0, 7, hashes=[bytes(32)])).status_code == 422
    assert stored() == {}


def test_a_log_that_was_set_up_anew_is_forgotten_by_hand_alone(settings, at_seven):
    settings.KEYLOG_WITNESSED_LOGS = NEXT_KEY.verifier.vkey
    anew = submission(0, 3, signed=sign_checkpoint(3, root(3), NEXT_KEY))
    assert is_conflict(post(anew), 7)
    call_command("witnesses", forget=LOG.name, stdout=StringIO())
    assert post(anew).status_code == 200
    with pytest.raises(CommandError):
        call_command("witnesses", forget=OTHER.name, stdout=StringIO())


def test_another_method_is_refused(client):
    assert client.get(PATH).status_code == 400


def at_once(*bodies):
    """Post each from a thread with a database connection of its own."""
    ready = threading.Barrier(len(bodies))

    def run(body):
        try:
            ready.wait()
            return post(body)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(bodies)) as threads:
        return list(threads.map(run, bodies))


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_loses():
    old = 0
    for sizes in ((5, 7), (9, 9), (10, 30, 39, 40)):
        answers = at_once(*[submission(old, size) for size in sizes])
        won = [answer for answer in answers if answer.status_code == 200]
        old, found = stored()[LOG.name]
        assert len(won) == 1
        assert all(is_conflict(answer, old) for answer in answers if answer is not won[0])
        assert old in sizes
        assert found == root(old)


@pytest.mark.django_db(transaction=True)
def test_what_could_not_be_stored_is_not_signed(monkeypatch):
    assert post(submission(0, 7)).status_code == 200

    def fail(*_given, **_named):
        raise RuntimeError

    monkeypatch.setattr(WitnessedLog, "save", fail)
    with pytest.raises(RuntimeError):
        services.cosign_checkpoint(submission(7, 8))
    assert stored() == {LOG.name: (7, root(7))}
