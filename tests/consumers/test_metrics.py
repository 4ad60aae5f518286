"""What the server counts of what goes over its sockets."""

import asyncio
import logging

import pytest
from django.db import OperationalError
from prometheus_client import generate_latest

from messaging import statements, writer
from messaging.postgresql.pipeline import Pipeline
from talk2me import metrics
from tests.consumers import refusals
from tests.consumers.socket_client import envelope, open_conversation


def value(name: str, **labels: str) -> float:
    return metrics.registry.get_sample_value(f"talk2me_{name}", labels) or 0.0


COUNTED = (
    "envelopes_accepted_total", "envelopes_duplicate_total", "envelopes_delivered_total", "drains_total",
    "envelopes_drained_total", "batch_envelopes_sum", "batches_failed_total",
)  # fmt: skip


@pytest.fixture
def grown():
    """How much each counter has grown since the fixture began, and the errors by code."""
    before = {name: value(name) for name in COUNTED}
    return lambda: {name: value(name) - before[name] for name in COUNTED if value(name) != before[name]}


async def until_counted(name: str, least: float) -> None:
    async with asyncio.timeout(60):
        while value(name) < least:  # noqa: ASYNC110 - there is no event for it
            await asyncio.sleep(0.01)


@pytest.fixture
async def pair(connect, alice, bob):
    """Two sockets in a conversation in slot 1."""
    sender, reader = await connect(alice.device), await connect(bob.device)
    mailbox = await open_conversation(sender, [alice.device, bob.device])
    await reader.drain(mailbox)
    return sender, reader, mailbox


async def test_envelopes_are_counted_where_they_are_stored_delivered_and_drained(pair, grown):
    sender, reader, mailbox = pair
    frames = [envelope(mailbox, bytes([number]), slot=1) for number in range(3)]
    frames = [frame | {"type": "envelope.send", "ref": 100 + number} for number, frame in enumerate(frames)]
    await sender.send(*frames)
    for number in range(3):
        await sender.answer(100 + number)
    await sender.send(frames[0] | {"ref": 200})
    assert (await sender.answer(200))["duplicate"] is True
    assert len(await reader.drain(mailbox, after=1)) == 3
    counted = grown()
    assert counted.pop("drains_total") >= 1
    assert counted == {
        "envelopes_accepted_total": 3, "envelopes_duplicate_total": 1, "batch_envelopes_sum": 4,
        # To the sender's own socket too: it learns the sequence of what it sent.
        "envelopes_delivered_total": 6, "envelopes_drained_total": 3,
    }  # fmt: skip


async def test_acknowledgements_are_counted_when_they_are_stored(pair):
    sender, _, mailbox = pair
    before = value("acknowledgements_total")
    await sender.ask("envelope.acknowledge", mailbox=mailbox, sequence=1)
    await until_counted("acknowledgements_total", before + 1)


async def test_sockets_are_counted_while_they_are_open(connect, alice, bob):
    before = value("sockets")
    one = await connect(alice.device)
    await connect(bob.device)
    assert value("sockets") == before + 2
    await one.close()
    assert value("sockets") == before + 1


async def test_an_error_is_counted_by_its_code(pair):
    sender, _, _ = pair
    before = value("errors_total", code="mailbox_unknown")
    assert (await sender.envelope(b"no such mailbox!", slot=1))["code"] == "mailbox_unknown"
    assert value("errors_total", code="mailbox_unknown") == before + 1


async def test_an_outage_of_the_database_is_two_lines_and_counted(pair, grown, monkeypatch, caplog):
    sender, _, mailbox = pair
    caplog.set_level(logging.INFO, "talk2me.parts")

    def away(*_parameters):
        raise OperationalError

    with monkeypatch.context() as patch:
        patch.setattr(statements, "lock_mailboxes", away)
        patch.setattr(Pipeline, "_write", refusals.lose_connection)
        for _ in range(3):
            assert (await sender.envelope(mailbox, b"lost", slot=1))["code"] == "storage_failed"
        assert value("reachable", part="database") == 0
    assert (await sender.envelope(mailbox, b"kept", slot=1))["type"] == "envelope.accepted"
    assert value("reachable", part="database") == 1
    assert grown()["batches_failed_total"] == 3
    said = [record.getMessage() for record in caplog.records if record.name == "talk2me.parts"]
    assert said == ["lost", "back"]


async def test_a_slow_batch_is_told(pair, monkeypatch, caplog):
    sender, _, mailbox = pair
    monkeypatch.setattr(writer, "SLOW_SECONDS", 0.0)
    await sender.envelope(mailbox, slot=1)
    [record] = [record for record in caplog.records if record.getMessage() == "slow batch"]
    assert record.envelopes == 1


async def test_nothing_of_a_person_is_in_any_metric(pair, alice, bob):
    sender, _, mailbox = pair
    await sender.envelope(mailbox, slot=1)
    text = generate_latest(metrics.registry).decode()
    for id_ in (mailbox, alice.account_id, bob.account_id, alice.device.device_id):
        for form in (id_.hex(), repr(id_)):
            assert form not in text
