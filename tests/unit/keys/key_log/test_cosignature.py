"""Cosignatures: ours hold for an independent implementation, and no others than those of the key hold for us."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tlog_scales.signing import Ed25519CosignatureVerifier, NoteSignature, PlainEd25519Signer, Vkey
from tlog_scales.tlog import Checkpoint as TheirCheckpoint

from keys import ed25519
from keys.key_log import note
from keys.key_log.checkpoint import Checkpoint, log_signer, sign_checkpoint
from keys.key_log.cosignature import cosign, log_cosigner, newest_cosignature, read_witness, time_of
from keys.key_log.errors import KeyLogInvalid
from keys.key_log.note import Note, Signature

COSIGNER = log_cosigner("https://witness.example", "tests only")
OTHER = log_cosigner("https://other.example", "tests only")
LOG = log_signer("https://chat.example", "tests only")
TEXT = Checkpoint(LOG.name, 7, bytes(range(32))).text
NOW = 1_780_000_000
LINE = cosign(TEXT, NOW, COSIGNER)


def theirs(line=LINE, text=TEXT):
    """Verify with tlog-scales."""
    checkpoint = TheirCheckpoint.from_text(f"{text}\n{note.write_line(line)}")
    verifier = Vkey.from_string(COSIGNER.witness.vkey).get_verifier()
    assert isinstance(verifier, Ed25519CosignatureVerifier)
    verifier.verify_note(NoteSignature.from_line(note.write_line(line).rstrip("\n")), checkpoint)


def newest(*lines, text=TEXT):
    return newest_cosignature(Note(text, lines), COSIGNER.witness)


def test_an_independent_implementation_verifies_ours():
    theirs()
    with pytest.raises(Exception):  # noqa: B017, PT011 - whatever it raises for what does not hold
        theirs(text=TEXT.replace("\n7\n", "\n8\n"))


def test_the_names_of_a_server_and_its_keys():
    assert COSIGNER.name == "witness.example/keylog/witness"
    assert COSIGNER.witness.vkey.startswith("witness.example/keylog/witness+")
    assert read_witness(COSIGNER.witness.vkey) == COSIGNER.witness


def test_the_key_of_a_witness_is_not_that_of_its_log():
    assert log_cosigner("https://chat.example", "tests only").seed != LOG.seed


def test_ours_hold_for_us_and_say_when():
    assert newest(LINE) == LINE
    assert time_of(LINE) == NOW


def test_of_several_the_newest_that_holds_counts():
    later = cosign(TEXT, NOW + 60, COSIGNER)
    forged = Signature(LINE.name, LINE.key_id, (NOW + 120).to_bytes(8, "big") + later.body[8:])
    for lines in ((LINE, later, forged), (forged, later, LINE)):
        assert newest(*lines) == later


@pytest.mark.parametrize(
    "line",
    [
        cosign(TEXT, NOW, OTHER),
        # Of another text.
        cosign(TEXT.replace("\n7\n", "\n8\n"), NOW, COSIGNER),
        Signature(COSIGNER.name, OTHER.witness.key_id, LINE.body),
        Signature(OTHER.name, LINE.key_id, LINE.body),
        Signature(LINE.name, LINE.key_id, LINE.body[:-1]),
        Signature(LINE.name, LINE.key_id, LINE.body + b"\0"),
        Signature(LINE.name, LINE.key_id, LINE.body[8:]),
        # As the log signs, without a time.
        Signature(LINE.name, LINE.key_id, ed25519.sign(COSIGNER.seed, TEXT.encode())),
        # At a time that not every reader knows exactly.
        cosign(TEXT, 2**53, COSIGNER),
    ],
)
def test_others_do_not_hold(line):
    assert newest(line) is None


@given(st.integers(0, 8 * 72 - 1))
def test_no_bit_of_it_can_be_flipped(bit):
    body = bytearray(LINE.body)
    body[bit // 8] ^= 1 << bit % 8
    assert newest(Signature(LINE.name, LINE.key_id, bytes(body))) is None


@pytest.mark.parametrize(
    "vkey",
    [
        LOG.verifier.vkey,
        COSIGNER.witness.vkey.replace("witness.example", "other.example"),
        COSIGNER.witness.vkey[:-1],
        note.write_key("witness.example", 4, bytes(32)),
        note.write_key("witness.example", 6, COSIGNER.witness.key),
        "witness.example",
        "",
    ],
)
def test_what_is_no_key_of_a_witness_is_refused(vkey):
    with pytest.raises(KeyLogInvalid):
        read_witness(vkey)


def test_a_checkpoint_that_an_independent_implementation_signed_is_cosigned_as_ours_is():
    signer = PlainEd25519Signer(LOG.name, LOG.seed)
    found = TheirCheckpoint.from_text(sign_checkpoint(7, bytes(range(32)), LOG))
    signed = signer.sign(found)
    assert signed.serialize() + "\n" == note.write_line(
        note.read_note(sign_checkpoint(7, bytes(range(32)), LOG)).signatures[0]
    )
