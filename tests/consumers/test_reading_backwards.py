"""Reading a mailbox from its newest envelope backwards."""

import hashlib
import json
import os

import psycopg
import pytest
from asgiref.sync import sync_to_async
from django.db import connection

from messaging import frames
from messaging.models import Envelope, EnvelopeKind
from messaging.postgresql.drain import STATEMENTS
from messaging.postgresql.pipeline import NOT_OURS, PLANS
from tests.consumers.socket_client import open_archive

ENDLESS = 2**63 - 1


@pytest.fixture
async def archive(connect, alice):
    """A socket, and an archive with the bodies 1 to 10 at the sequences 1 to 10."""
    client = await connect(alice.device)
    mailbox = await open_archive(client)
    for number in range(1, 11):
        await client.envelope(mailbox, bytes([number]), kind="archive")
    return client, mailbox


def sequences(envelopes: list[dict]) -> list[int]:
    return [envelope["sequence"] for envelope in envelopes]


async def test_the_newest_come_in_rising_order(archive):
    client, mailbox = archive
    found = await client.drain(mailbox, limit=3, before=ENDLESS)
    assert [(one["sequence"], one["body"]) for one in found] == [(8, b"\x08"), (9, b"\x09"), (10, b"\x0a")]


async def test_a_whole_mailbox_is_read_piece_by_piece_down_to_what_is_known(archive):
    client, mailbox = archive
    found, before = [], ENDLESS
    while piece := await client.drain(mailbox, after=2, limit=3, before=before):
        found = sequences(piece) + found
        before = piece[0]["sequence"]
    assert found == [3, 4, 5, 6, 7, 8, 9, 10]
    assert await client.drain(mailbox, before=0) == await client.drain(mailbox, before=1) == []


async def test_without_the_end_it_reads_forwards(archive):
    client, mailbox = archive
    assert sequences(await client.drain(mailbox, after=2, limit=3, before=None)) == [3, 4, 5]
    assert sequences(await client.drain(mailbox, after=2, limit=3)) == [3, 4, 5]


async def test_the_answer_says_the_head_wherever_it_ends(archive):
    client, mailbox = archive
    answer = await client.ask("envelope.drain", mailbox=mailbox, after=0, limit=2, before=4)
    assert (answer["head"], sequences(answer["envelopes"])) == (10, [2, 3])


async def test_where_the_bytes_end_the_answer_the_newest_are_in_it(connect, alice, monkeypatch):
    client = await connect(alice.device)
    mailbox = await open_archive(client)
    for _ in range(6):
        await client.envelope(mailbox, bytes(256 * 1024), kind="archive")
    assert sequences(await client.drain(mailbox, before=ENDLESS)) == [3, 4, 5, 6]
    monkeypatch.setattr(frames, "DRAIN_BYTES", 1)
    assert sequences(await client.drain(mailbox, before=6)) == [5]


async def test_an_end_that_is_no_sequence_is_a_bad_frame(archive):
    client, mailbox = archive
    await client.send({"type": "envelope.drain", "ref": 1, "mailbox": mailbox, "after": 0, "limit": 1, "before": -1})
    assert await client.close_code() == (4400, "bad_frame")


def explain(mailbox: bytes, device: bytes, limit: int) -> dict:
    """The plan with which PostgreSQL read the newest, as the reading connections have it."""
    parameters = {k: v for k, v in connection.get_connection_params().items() if k not in NOT_OURS}
    statement = STATEMENTS[b"backwards"]
    values = f"'\\x{mailbox.hex()}', '\\x{device.hex()}', 0, {limit}, {frames.DRAIN_BYTES}, {ENDLESS}"
    with psycopg.connect(**parameters, autocommit=True) as other:
        other.execute(PLANS)
        other.execute(f"PREPARE newest (bytea, bytea, bigint, bigint, bigint, bigint) AS {statement}")
        found = other.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE newest ({values})").fetchone()
    assert found
    return found[0][0]["Plan"]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="of PostgreSQL")
async def test_postgresql_reads_no_more_than_it_hands_out(archive, alice):
    _, mailbox = archive
    rows = [
        Envelope(
            mailbox_id=mailbox, sequence=number, id=os.urandom(16), kind=EnvelopeKind.ARCHIVE, slot=0, body=b"body",
            hash=hashlib.sha256(b"body").digest(), minute=0,
        )
        for number in range(11, 3000)
    ]  # fmt: skip
    await Envelope.objects.abulk_create(rows)
    plan = await sync_to_async(explain)(mailbox, alice.device.device_id, 128)
    assert '"Sort"' not in json.dumps(plan)
    scans = [node for node in walk(plan) if node.get("Relation Name") == "messaging_envelope"]
    assert [(node["Node Type"], node["Scan Direction"]) for node in scans] == [("Index Scan", "Backward")]
    assert scans[0]["Actual Rows"] <= 129


def walk(plan: dict) -> list[dict]:
    return [plan, *(node for part in plan.get("Plans", []) for node in walk(part))]
