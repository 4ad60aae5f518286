"""The account chain: what is believed and what is refused (docs/protocol.md 1)."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keys import base64url, chain
from keys.chain_event import read_signatures, write_signatures
from talk2me.errors import EventInvalid, Talk2meError
from tests.unit.keys import chain_vectors, recovery_chain_vectors

FILES = (chain_vectors, recovery_chain_vectors)
VECTORS, RECOVERY_VECTORS = (json.loads(file.PATH.read_text()) for file in FILES)
ORIGIN = VECTORS["origin"]


def events_of(vectors):
    return [(base64url.decode(one["event"]), one["signatures"]) for one in vectors["chain"]]


def states_of(vectors):
    found = [None]
    for event, signatures in events_of(vectors):
        found.append(chain.verify_event(found[-1], event, read_signatures(signatures), origin=ORIGIN))
    return found


EVENTS, STATES = events_of(VECTORS), states_of(VECTORS)
REFUSED = [(vectors, case) for vectors in (VECTORS, RECOVERY_VECTORS) for case in vectors["refused"]]


@pytest.mark.parametrize("file", FILES)
def test_the_vectors_are_what_their_seeds_give(file):
    assert file.PATH.read_text() == chain_vectors.as_text(file.build())


@pytest.mark.parametrize("vectors", [VECTORS, RECOVERY_VECTORS])
def test_each_event_leads_to_its_state(vectors):
    states = [chain_vectors.state_as_json(state) for state in states_of(vectors)[1:]]
    assert states == [one["state"] for one in vectors["chain"]]


def test_a_chain_verified_at_once_ends_in_the_same_state():
    events = [(event, read_signatures(signatures)) for event, signatures in EVENTS]
    assert chain.verify_chain(events, origin=ORIGIN) == STATES[-1]


def test_no_events_are_no_chain():
    with pytest.raises(EventInvalid):
        chain.verify_chain([], origin=ORIGIN)


@pytest.mark.parametrize(("vectors", "case"), REFUSED, ids=[case["name"] for _, case in REFUSED])
def test_an_event_is_refused_for(vectors, case):
    with pytest.raises(Talk2meError) as refused:
        chain.verify_event(
            states_of(vectors)[case["after"]],
            base64url.decode(case["event"]),
            read_signatures(case["signatures"]),
            origin=ORIGIN,
        )
    assert refused.value.code == case["error"]


@given(st.integers(0, len(EVENTS) - 1), st.data())
@settings(max_examples=300, deadline=None)
def test_an_event_with_any_bit_flipped_is_refused(at, data):
    event, signatures = EVENTS[at]
    bit = data.draw(st.integers(0, 8 * len(event) - 1))
    changed = bytearray(event)
    changed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(Talk2meError):
        chain.verify_event(STATES[at], bytes(changed), read_signatures(signatures), origin=ORIGIN)


@given(st.integers(0, len(EVENTS) - 1), st.data())
@settings(max_examples=200, deadline=None)
def test_a_signature_with_any_bit_flipped_is_refused(at, data):
    event, signatures = EVENTS[at]
    name = data.draw(st.sampled_from(sorted(signatures)))
    text = signatures[name]["signature"] if name == "authority" else signatures[name]
    changed = bytearray(base64url.decode(text))
    bit = data.draw(st.integers(0, 511))
    changed[bit // 8] ^= 1 << bit % 8
    flipped = base64url.encode(bytes(changed))
    wrong = signatures | {name: signatures[name] | {"signature": flipped} if name == "authority" else flipped}
    with pytest.raises(Talk2meError) as refused:
        chain.verify_event(STATES[at], event, read_signatures(wrong), origin=ORIGIN)
    assert refused.value.code == "signature_invalid"


@given(
    st.binary(max_size=200)
    | st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists).map(
        lambda value: json.dumps(value).encode()
    )
)
@settings(max_examples=200, deadline=None)
def test_whatever_is_no_event_is_refused_as_such(event):
    with pytest.raises(EventInvalid):
        chain.verify_event(None, event, read_signatures(EVENTS[0][1]), origin=ORIGIN)


def test_an_event_nested_without_end_is_refused():
    with pytest.raises(EventInvalid):
        chain.verify_event(None, b"[" * 16_000, read_signatures(EVENTS[0][1]), origin=ORIGIN)


@pytest.mark.parametrize("days", [-1, 1])
def test_a_new_event_is_refused_from_another_day(days):
    event, signatures = EVENTS[0]
    day = 24 * 3600 * 1000
    given_signatures = read_signatures(signatures)
    chain.verify_event(None, event, given_signatures, origin=ORIGIN, now_ms=chain_vectors.TIME + days * day)
    with pytest.raises(EventInvalid):
        chain.verify_event(None, event, given_signatures, origin=ORIGIN, now_ms=chain_vectors.TIME + days * (day + 1))


@pytest.mark.parametrize(
    "signatures",
    [
        {},
        {"identity": None},
        {"identity": "A" * 85},
        {"identity": 5},
        {"identity": EVENTS[0][1]["identity"], "other": EVENTS[0][1]["identity"]},
        {"identity": EVENTS[0][1]["identity"], "authority": EVENTS[0][1]["identity"]},
        {"identity": EVENTS[0][1]["identity"], "authority": {"key": "A" * 43}},
    ],
)
def test_signatures_of_another_shape_are_refused(signatures):
    with pytest.raises(Talk2meError) as refused:
        read_signatures(signatures)
    assert refused.value.code == "signature_invalid"


def test_signatures_are_written_as_they_were_read():
    assert [write_signatures(read_signatures(signatures)) for _, signatures in EVENTS] == [one for _, one in EVENTS]
