"""This server's log and its witnesses: who is sent what, what is kept of the answers, and what is shown."""

import logging
import time
from io import StringIO

import pytest
from django.core.management import call_command

from keys import log_key, services, witness_client
from keys.key_log import note, tree
from keys.key_log.checkpoint import log_signer, open_checkpoint, sign_checkpoint
from keys.key_log.cosignature import cosign, log_cosigner, newest_cosignature, time_of
from keys.key_log.submission import read_any_checkpoint, read_submission
from keys.log_storage import writer
from keys.models import CosignedCheckpoint, LogState
from keys.witness_client import Reply
from talk2me import metrics
from talk2me.errors import NotFound
from tests import factories

pytestmark = pytest.mark.django_db
HOUR = 3600


class FakeWitness:
    """A witness as the specification has it, or as a test wants it."""

    def __init__(self, host):
        self.cosigner = log_cosigner(f"https://{host}", "tests only")
        self.witness, self.prefix = self.cosigner.witness, f"https://{host}/keys"
        self.size, self.root, self.asked = 0, tree.fold([]), []
        # A Reply, an OSError to raise, or None for an honest answer.
        self.answers = None
        self.clock = 0

    def take(self, body):
        submission = read_submission(body)
        self.asked.append(submission.old)
        if isinstance(self.answers, Exception):
            raise self.answers
        if self.answers is not None:
            return self.answers
        if submission.old != self.size:
            return Reply(409, b"%d\n" % self.size)
        found = note.read_note(submission.signed)
        checkpoint = read_any_checkpoint(found.text)
        sizes = (self.size, checkpoint.size)
        if not tree.verify_consistency(*sizes, submission.proof, self.root, checkpoint.root):
            return Reply(422, b"")
        self.size, self.root = checkpoint.size, checkpoint.root
        return Reply(200, note.write_line(cosign(found.text, int(time.time()) + self.clock, self.cosigner)).encode())


@pytest.fixture
def clock(monkeypatch):
    """Seconds that have passed since the test began, for everyone."""
    passed, real = [0], time.time
    monkeypatch.setattr(time, "time", lambda: real() + passed[0])
    monkeypatch.setattr(writer.time, "time_ns", lambda: int((real() + passed[0]) * 1e9))
    return passed


@pytest.fixture
def make_witnesses(settings, monkeypatch):
    """Make witnesses of these hosts, and let this server's log have them."""

    def make(*hosts):
        found = {f"https://{host}/keys/add-checkpoint": FakeWitness(host) for host in hosts}
        monkeypatch.setattr(witness_client, "post", lambda url, body: found[url].take(body))
        settings.KEYLOG_WITNESSES = " ".join(f"{one.witness.vkey}={one.prefix}" for one in found.values())
        return list(found.values())

    return make


def silent():
    return {one.witness.name.partition("/")[0]: why for one, why in services.gather_cosignatures().silent.items()}


def shown():
    """The size of the checkpoint that is shown, and the hosts of those whose lines on it hold."""
    signed = services.read_cosigned()
    size = open_checkpoint(signed, log_key.signer().verifier).size
    return size, signed


def signers(signed, *witnesses):
    found = note.read_note(signed)
    return [one.witness.name.partition("/")[0] for one in witnesses if newest_cosignature(found, one.witness)]


def grow():
    factories.make_account()
    return LogState.objects.get().size


def test_without_witnesses_nobody_is_asked_and_nothing_is_shown():
    assert services.gather_cosignatures().signed == {}
    with pytest.raises(NotFound):
        services.read_cosigned()


def test_every_witness_is_sent_the_newest_checkpoint_from_what_it_has_signed(make_witnesses):
    one, two = make_witnesses("one.example", "two.example")
    sizes = [0]
    for accounts in (3, 1, 2):
        sizes += [grow() for _ in range(accounts)][-1:]
        assert silent() == {}
        size, signed = shown()
        assert (size, signers(signed, one, two)) == (sizes[-1], ["one.example", "two.example"])
        assert (one.size, two.size) == (size, size)
    # Each was asked once a turn, from where it was.
    assert one.asked == two.asked == sizes[:-1]
    assert CosignedCheckpoint.objects.count() == 1


def test_a_witness_that_knows_another_size_is_asked_again_from_there(make_witnesses):
    (one,) = make_witnesses("one.example")
    grow()
    services.gather_cosignatures()
    known = one.size
    CosignedCheckpoint.objects.all().delete()
    size = grow()
    assert silent() == {}
    assert one.asked == [0, 0, known]
    assert shown()[0] == size


def test_who_has_signed_is_left_alone_until_it_has_to_sign_again(make_witnesses, clock):
    one, two = make_witnesses("one.example", "two.example")
    grow()
    two.answers = OSError()
    assert silent() == {"two.example": "unreachable"}
    assert silent() == {"two.example": "unreachable"}
    two.answers = None
    assert silent() == {}
    clock[0] = 5 * HOUR
    assert silent() == {}
    assert (len(one.asked), len(two.asked)) == (1, 3)
    clock[0] = 6 * HOUR + 10
    assert silent() == {}
    assert (len(one.asked), len(two.asked)) == (2, 4)
    found = note.read_note(shown()[1])
    times = [time_of(newest_cosignature(found, witness.witness)) for witness in (one, two)]
    assert all(abs(time.time() - at) < HOUR for at in times)
    # One line of each, beside the log's own.
    assert len(found.signatures) == 3


def test_while_one_is_gone_what_both_have_signed_is_shown_for_a_day_and_then_what_the_other_has(make_witnesses, clock):
    one, two = make_witnesses("one.example", "two.example")
    before = grow()
    services.gather_cosignatures()
    two.answers = OSError()
    after = grow()
    clock[0] = HOUR
    assert silent() == {"two.example": "unreachable"}
    size, signed = shown()
    assert (size, signers(signed, one, two)) == (before, ["one.example", "two.example"])
    clock[0] = 24 * HOUR + 10
    services.gather_cosignatures()
    size, signed = shown()
    assert (size, signers(signed, one, two)) == (after, ["one.example"])
    two.answers = None
    assert silent() == {}
    assert signers(shown()[1], one, two) == ["one.example", "two.example"]
    assert CosignedCheckpoint.objects.count() == 1


def test_a_witness_that_is_no_longer_wanted_does_not_count(make_witnesses, settings):
    one, two = make_witnesses("one.example", "two.example")
    grow()
    services.gather_cosignatures()
    settings.KEYLOG_WITNESSES = f"{one.witness.vkey}={one.prefix}"
    size = grow()
    services.gather_cosignatures()
    assert shown()[0] == size
    settings.KEYLOG_WITNESSES = f"{two.witness.vkey}={two.prefix}"
    with pytest.raises(NotFound):
        services.read_cosigned()


def line(cosigner, text, at=None):
    return note.write_line(cosign(text, int(time.time()) if at is None else at, cosigner)).encode()


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        (OSError(), "unreachable"),
        (TimeoutError(), "unreachable"),
        (Reply(302, b""), "refused"),
        (Reply(403, b"no"), "refused"),
        (Reply(404, b"no"), "refused"),
        (Reply(429, b"no"), "refused"),
        (Reply(500, b"no"), "refused"),
        (Reply(409, b"999999\n"), "history"),
        (Reply(409, b"0\n"), "history"),
        (Reply(409, b"many\n"), "history"),
        (Reply(409, b"\xff"), "history"),
        (Reply(409, b"-1\n"), "history"),
        (Reply(422, b""), "history"),
        (Reply(200, b""), "signature"),
        (Reply(200, b"\xff"), "signature"),
        (Reply(200, b"fine\n"), "signature"),
        (Reply(200, "\n\n— x AAAAAAAA\n".encode()), "signature"),
    ],
)
def test_a_witness_that_does_not_sign_is_told_and_holds_up_no_other(make_witnesses, answers, why):
    one, two = make_witnesses("one.example", "two.example")
    one.answers = answers
    size = grow()
    assert silent() == {"one.example": why}
    assert len(one.asked) <= 2
    found, signed = shown()
    assert (found, signers(signed, one, two)) == (size, ["two.example"])


def test_a_line_that_does_not_hold_is_not_kept(make_witnesses):
    (one,) = make_witnesses("one.example")
    grow()
    text = note.read_note(services.read_checkpoint()).text
    stranger = log_cosigner("https://one.example", "another key")
    same_name = note.Signature(one.witness.name, one.witness.key_id, cosign(text, int(time.time()), stranger).body)
    for wrong in (
        line(stranger, text),
        line(one.cosigner, text.replace("keylog", "else")),
        note.write_line(same_name).encode(),
    ):
        one.answers = Reply(200, wrong)
        assert silent() == {"one.example": "signature"}
    assert not CosignedCheckpoint.objects.exists()


def test_lines_of_others_beside_it_are_left_out(make_witnesses):
    (one,) = make_witnesses("one.example")
    grow()
    text = note.read_note(services.read_checkpoint()).text
    one.answers = Reply(200, line(log_cosigner("https://more.example", "x"), text) + line(one.cosigner, text))
    assert silent() == {}
    assert len(note.read_note(shown()[1]).signatures) == 2


@pytest.mark.parametrize(
    ("hours", "why"), [(0.9, {}), (-0.9, {}), (2, {"one.example": "clock"}), (-2, {"one.example": "clock"})]
)
def test_a_witness_whose_clock_is_wrong_is_not_counted(make_witnesses, hours, why):
    (one,) = make_witnesses("one.example")
    one.clock = int(hours * HOUR)
    grow()
    assert silent() == why


def test_a_log_of_another_key_begins_anew_with_its_witnesses(make_witnesses, monkeypatch):
    make_witnesses("one.example")
    grow()
    services.gather_cosignatures()
    other = log_signer("http://127.0.0.1:8000", "another key")
    monkeypatch.setattr(log_key, "signer", lambda: other)
    with pytest.raises(NotFound):
        services.read_cosigned()
    size = grow()
    services.gather_cosignatures()
    assert [row.size for row in CosignedCheckpoint.objects.all()] == [size]
    assert open_checkpoint(services.read_cosigned(), other.verifier).size == size


def test_a_log_that_was_put_back_forgets_what_was_signed_of_its_future(make_witnesses):
    make_witnesses("one.example")
    size = grow()
    for future in (size, size + 5):
        signed = sign_checkpoint(future, bytes(32), log_key.signer())
        CosignedCheckpoint.objects.create(size=future, note=signed)
    services.gather_cosignatures()
    assert [row.size for row in CosignedCheckpoint.objects.all()] == [size]
    assert open_checkpoint(services.read_cosigned(), log_key.signer().verifier).root != bytes(32)


def test_who_begins_and_ends_to_be_silent_is_logged_once_and_counted(make_witnesses, caplog):
    one, _ = make_witnesses("one.example", "two.example")
    grow()
    one.answers = OSError()
    with caplog.at_level(logging.INFO, "keys.services.gather_cosignatures"):
        for _ in range(3):
            services.gather_cosignatures()
        assert metrics.registry.get_sample_value("talk2me_witnesses_silent") == 1
        one.answers = Reply(404, b"")
        services.gather_cosignatures()
        one.answers = None
        services.gather_cosignatures()
        services.gather_cosignatures()
    assert metrics.registry.get_sample_value("talk2me_witnesses_silent") == 0
    told = [(record.levelname, getattr(record, "code", None)) for record in caplog.records]
    assert told == [("WARNING", "unreachable"), ("WARNING", "refused"), ("INFO", None)]


def test_what_is_shown_is_answered_to_anyone(make_witnesses, client):
    (one,) = make_witnesses("one.example")
    grow()
    path = "/api/key_log/checkpoint"
    assert client.get(f"{path}?cosigned=1").status_code == 404
    services.gather_cosignatures()
    answer = client.get(f"{path}?cosigned=1")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert signers(answer.content.decode(), one) == ["one.example"]
    assert signers(client.get(f"{path}?cosigned=0").content.decode(), one) == []
    assert client.get(f"{path}?cosigned=yes").status_code == 400


def run(*words):
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def test_the_commands_say_who_has_signed_and_who_has_not(make_witnesses, settings):
    _, two = make_witnesses("one.example", "two.example")
    settings.KEYLOG_WITNESSED_LOGS = log_signer("https://other.example", "x").verifier.vkey
    two.answers = OSError()
    size = grow()
    assert run("cosign_key_log") == (
        f"one.example/keylog/witness has signed {size} leaves\ntwo.example/keylog/witness has not signed: unreachable\n"
    )
    told = run("witnesses")
    assert log_key.vkey() in told
    assert log_key.witness_vkey() in told
    assert "Witnesses other.example/keylog/1: has signed nothing yet\n" in told
    assert "Witnessed by one.example/keylog/witness: has last signed at " in told
    assert "Witnessed by two.example/keylog/witness: has last signed never, or long ago\n" in told
