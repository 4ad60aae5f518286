"""What the load client makes of bytes: a benchmark that misreads its server measures nothing."""

import asyncio
import os

import msgspec
import pytest

from benchmarks.client.plan import Plan
from benchmarks.goals import Goal
from benchmarks.wires import mqtt, ours, wire, xmpp
from messaging.codec import Refused, read_frames

BODY = b"0000000042" + b"x" * 1014


class Transport:
    """Keeps what is written."""

    def __init__(self):
        self.written = b""

    def write(self, data):
        self.written += data


def plan(kind):
    mailbox = os.urandom(16)
    prepared = {"tokens": [os.urandom(32).hex()] * 2, "mailboxes": [[0, 1, mailbox.hex()]]}
    return Plan(wire=kind, ports=[1], sockets=2, prepared=prepared)


def test_what_is_sent_is_a_frame_that_the_server_reads():
    speaker = ours.OursWire(plan("ours"), None, None)
    socket = speaker.sockets[1] = type("Socket", (), {"transport": Transport()})()
    speaker.send(1, 0, 77)
    (frame,) = read_frames(socket.transport.written[8:])
    assert not isinstance(frame, Refused)
    assert (frame.ref, frame.mailbox, len(frame.body)) == (77, speaker.mailboxes[0, 1], wire.BODY)


def test_only_the_recipient_counts_an_envelope_as_received():
    got = []
    speaker = ours.OursWire(plan("ours"), None, got.append)
    speaker.note = lambda *_: None
    envelope = {"id": (5).to_bytes(8, "big") + (1).to_bytes(8, "big"), "sequence": 1, "body": BODY}
    news = {"type": "envelope.new", "mailbox": bytes(16), "head": 1, "slot": 0, "envelopes": [envelope]}
    for socket in (0, 1):
        speaker.received(socket, memoryview(msgspec.msgpack.encode([news])))
    assert got == [5]


@pytest.mark.parametrize("cut", [1, 7, 100, 1100, 10_000])
async def test_xmpp_stanzas_are_found_however_they_are_cut(cut):
    stored, got = [], []
    speaker = xmpp.XmppWire(plan("xmpp"), stored.append, got.append)
    client = xmpp.Client(speaker, 0)
    client.transport = Transport()
    client.ready.set_result(None)
    client.waiting.extend([7, 8])
    message = (
        b"<message from='a' to='b' type='chat'><archived by='x' id='1'/><stanza-id id='1'/><body>%s</body></message>"
        % BODY
    )
    stream = message + b"<a h='2' xmlns='urn:xmpp:sm:3'/>" + message + b"<r xmlns='urn:xmpp:sm:3'/>"
    for at in range(0, len(stream), cut):
        client.data_received(stream[at : at + cut])
    assert (stored, got) == ([7, 8], [42, 42])
    assert client.transport.written == b"<a xmlns='urn:xmpp:sm:3' h='2'/>"


@pytest.mark.parametrize("cut", [1, 3, 500, 10_000])
async def test_mqtt_packets_are_found_however_they_are_cut(cut):
    stored, got = [], []
    speaker = mqtt.MqttWire(plan("mqtt"), stored.append, got.append)
    sender, recipient = mqtt.Client(speaker, 0), mqtt.Client(speaker, 1)
    sender.transport, recipient.transport = Transport(), Transport()
    sender.publish(b"\0\1t", 42, bytes(1000))
    stream = sender.transport.written * 2
    for at in range(0, len(stream), cut):
        recipient.data_received(stream[at : at + cut])
    sender.data_received(recipient.transport.written[:4])
    assert (stored, got, speaker.acknowledgements) == ([42], [42, 42], 2)


def test_people_talk_in_the_same_pairs_on_both_sides():
    assert len(wire.conversations(50)) == 1225
    assert wire.conversations(500) == wire.conversations(500)
    assert len(wire.conversations(500)) == 2500


def test_a_goal_knows_which_side_is_better():
    more = Goal("rate", 3, 5, lambda _: None)
    less = Goal("time", 40, 20, lambda _: None, least=True)
    assert [more.judge(value) for value in (2, 3, 6)] == ["missed", "floor", "goal"]
    assert [less.judge(value) for value in (41, 30, 20)] == ["missed", "floor", "goal"]


async def test_what_is_stored_within_a_moment_is_acknowledged_together(monkeypatch):
    monkeypatch.setattr(wire, "ACKNOWLEDGE_SECONDS", 0)
    sent = asyncio.Queue()
    speaker = wire.Wire(plan("ours"), None, None)
    speaker.acknowledge = lambda socket, cursors: sent.put_nowait((socket, cursors))
    for number in (1, 2, 3):
        speaker.note(0, "a", number)
    speaker.note(0, "b", 9)
    assert await sent.get() == (0, {"a": 3, "b": 9})
    assert speaker.acknowledgements == 2
