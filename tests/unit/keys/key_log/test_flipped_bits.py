"""No bit of what a small log serves can be another one without being noticed."""

import json

import pytest

from keys import strict_json
from keys.key_log import answer
from keys.key_log.audit import Audit, Difference
from keys.key_log.checkpoint import open_checkpoint
from keys.key_log.errors import KeyLogInvalid
from tests.unit.keys.key_log import vectors
from tests.unit.keys.key_log.vectors import ALICE, EVENTS, ORIGIN, SIGNER
from tests.unit.keys.key_log.vectors import changed as flipped

EARLIER, LOG = vectors.main_log()
HELD = answer.Head(EARLIER.size, EARLIER.root)
VERIFIER = SIGNER.verifier


def as_json(found):
    # Without spaces: another kind of space between two words of JSON would be the same text.
    return json.dumps(found, separators=(",", ":"), ensure_ascii=False).encode()


def read_chain(data):
    log = strict_json.read_object(data)
    seen = answer.verify_log(log, HELD, VERIFIER)
    answer.verify_account(log, seen, answer.Chain(ALICE, EVENTS[ALICE][0], EVENTS[ALICE][2], 3))
    answer.verify_username(log, seen, LOG.directory_key, "alice", ALICE)


def read_directory(data):
    found = strict_json.read_object(data)
    assert set(found) == {"log", "genesis", "frontier"}
    seen = answer.verify_log(found["log"], None, VERIFIER)
    assert answer.verify_genesis(found["genesis"], seen, ORIGIN) == LOG.directory_key
    answer.verify_frontier(found["frontier"], seen.checkpoint)


def read_leaves(data):
    audit, size = Audit(), 106
    for at in range(0, len(data), size):
        audit.add(data[at : at + size])
    assert (audit.size, audit.root) == (LOG.size, LOG.root)


def read_note(data):
    open_checkpoint(data.decode(), VERIFIER)


SERVED = {
    "a chain": (as_json(LOG.log(EARLIER.size, ALICE, "alice")), read_chain),
    "the directory": (as_json(LOG.directory()), read_directory),
    "the leaves": (b"".join(LOG.leaves), read_leaves),
    "the checkpoint": (LOG.checkpoint().encode(), read_note),
}


@pytest.mark.timeout(600)
@pytest.mark.parametrize("what", SERVED)
def test_every_flipped_bit_is_refused(what):
    data, read = SERVED[what]
    read(data)
    unnoticed = []
    for at in range(len(data)):
        for bit in range(8):
            try:
                read(flipped(data, at, bit))
            except (KeyLogInvalid, Difference, ValueError, AssertionError, KeyError):
                continue
            unnoticed.append((at, bit))
    assert unnoticed == []
