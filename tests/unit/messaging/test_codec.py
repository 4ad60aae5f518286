"""Bytes to frames: what is right is read, what is wrong is told apart, and nothing raises."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.codec import Refused, pack_frames, read_frames
from messaging.frames import MESSAGE_BYTES, EnvelopeSend, Ping
from tests.consumers.socket_client import commit, envelope

MAILBOX = bytes(16)
PING = {"type": "ping", "ref": 7}


def read(*frames: object) -> list:
    return list(read_frames(msgspec.msgpack.encode(frames)))


def send(**changed: object) -> dict:
    return {"type": "envelope.send", "ref": 7, **envelope(MAILBOX), **changed}


def test_frames_come_in_the_order_they_were_sent():
    first, second = read(PING, send(body=b"x"))
    assert first == Ping(ref=7)
    assert isinstance(second, EnvelopeSend)
    assert second.body == b"x"


def test_an_unknown_type_is_refused_and_the_rest_is_read():
    unknown, ping = read({"type": "envelope.burn", "ref": 3, "more": 1}, PING)
    assert (unknown.ref, unknown.error.code, unknown.fatal) == (3, "unknown_frame", False)
    assert ping == Ping(ref=7)


@pytest.mark.parametrize(
    "frame",
    [
        send(id=bytes(15)),
        send(id=bytes(17)),
        send(mailbox="text of 16 bytes"),
        send(commitment=bytes(31)),
        send(slot=-1),
        send(slot=2**32),
        send(slot=1.5),
        send(kind="commit"),
        send(kind="welcome"),
        send(expires_in=0),
        send(body=None),
        send(body="text"),
        send() | {"more": 1},
        {"type": "ping"},
        {"type": "ping", "ref": -1},
        {"type": "ping", "ref": 2**32},
        {"type": "ping", "ref": "1"},
        {"type": "hello", "ref": 1, "version": 2, "token": bytes(32)},
        {"type": "hello", "ref": 1, "version": 1, "token": bytes(31)},
        {"type": "envelope.drain", "ref": 1, "mailbox": MAILBOX, "after": 0, "limit": 0},
        {"type": "envelope.drain", "ref": 1, "mailbox": MAILBOX, "after": 0, "limit": 257},
        {"type": "envelope.drain", "ref": 1, "mailbox": MAILBOX, "after": -1, "limit": 1},
        {"type": "mailbox.create", "ref": 1, "mailbox": MAILBOX, "kind": "device"},
        {"type": "commit.send", "ref": 1, **commit(MAILBOX, 0, [], members=[], subscribers=[MAILBOX])},
        {"type": 5, "ref": 1},
        {"ref": 1},
        [],
        None,
        5,
    ],
)
def test_a_field_outside_its_limits_is_a_bad_frame_after_which_nothing_is_read(frame):
    before, refused = read(PING, frame, PING)
    assert before == Ping(ref=7)
    assert (refused.error.code, refused.fatal) == ("bad_frame", True)


def test_a_frame_without_a_field_is_a_bad_frame():
    frame = send()
    del frame["expires_in"]
    [refused] = read(frame)
    assert (refused.ref, refused.error.code) == (7, "bad_frame")


@pytest.mark.parametrize(
    "frame",
    [
        send(body=bytes(256 * 1024 + 1)),
        {"type": "signal.send", "ref": 7, "mailbox": MAILBOX, "body": bytes(513)},
        {"type": "commit.send", "ref": 7, **commit(MAILBOX, 0, [], members=[MAILBOX], subscribers=[MAILBOX])}
        | {"body": bytes(1024 * 1024 + 1)},
        {"type": "commit.send", "ref": 7, **commit(MAILBOX, 0, [], members=[MAILBOX], subscribers=[MAILBOX])}
        | {"welcomes": [{"device": MAILBOX, "id": MAILBOX, "body": bytes(1024 * 1024 + 1)}]},
    ],
)
def test_a_body_over_its_limit_is_too_large_and_the_rest_is_read(frame):
    refused, ping = read(frame, PING)
    assert (refused.ref, refused.error.code, refused.fatal) == (7, "too_large", False)
    assert ping == Ping(ref=7)


def test_the_longest_body_is_read():
    [frame] = read(send(body=bytes(256 * 1024)))
    assert isinstance(frame, EnvelopeSend)


def test_a_message_over_its_limit_is_not_read():
    [refused] = read_frames(bytes(MESSAGE_BYTES + 1))
    assert (refused.error.code, refused.fatal) == ("too_large", True)


def test_more_than_64_frames_are_refused_as_one():
    assert len(read(*[PING] * 64)) == 64
    [refused] = read(*[PING] * 65)
    assert (refused.error.code, refused.fatal) == ("bad_frame", True)


@given(st.binary(max_size=300))
def test_no_bytes_raise(message):
    for frame in read_frames(message):
        assert isinstance(frame, Refused) or frame.ref >= 0


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.binary(max_size=40) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)


@given(st.lists(st.dictionaries(st.sampled_from(["type", "ref", "mailbox", "body", "slot"]), JSON), max_size=4))
def test_no_frame_raises(frames):
    list(read_frames(msgspec.msgpack.encode(frames)))


@given(st.lists(st.integers(), max_size=70).map(lambda numbers: [msgspec.msgpack.encode(n % 2**63) for n in numbers]))
def test_packed_frames_are_a_messagepack_array(frames):
    assert msgspec.msgpack.decode(pack_frames(frames)) == [msgspec.msgpack.decode(frame) for frame in frames]


@pytest.mark.parametrize(
    "message",
    [
        b"\x91\x81\xa4type\xa2\xff\xfe",
        b"\x91\x82\xa4type\xa2\xff\xfe\xa3ref\x01",
        b"\x91\x82\xa4type\xaemailbox.create\xa4kind\xa2\xff\xfe",
    ],
)
def test_a_text_that_is_none_is_a_bad_frame(message):
    (refused,) = read_frames(message)
    assert (refused.error.code, refused.fatal) == ("bad_frame", True)


@pytest.mark.parametrize("message", [b"\x91" * 100_000, b"\x91\x81\xa1x" + b"\x91" * 100_000 + b"\xc0"])
def test_nesting_too_deep_to_read_is_a_bad_frame(message):
    (refused,) = read_frames(message)
    assert (refused.error.code, refused.fatal) == ("bad_frame", True)
