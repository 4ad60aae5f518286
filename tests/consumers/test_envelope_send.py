"""Sending envelopes: accepted means durable, each once, in one order."""

import hashlib
import os
import time
from collections.abc import Iterator

import pytest
from django.db import OperationalError

from messaging import statements
from messaging.franking import franking_tag
from messaging.models import Envelope, Mailbox
from messaging.postgresql.pipeline import Pipeline
from tests.consumers import refusals
from tests.consumers.socket_client import COMMITMENT, commit, envelope, open_conversation


@pytest.fixture
async def pair(connect, alice, bob):
    """Two sockets in a conversation in slot 1."""
    sender, reader = await connect(alice.device), await connect(bob.device)
    mailbox = await open_conversation(sender, [alice.device, bob.device])
    return sender, reader, mailbox


async def test_an_envelope_reaches_the_open_socket_of_the_other_device(pair):
    sender, reader, mailbox = pair
    accepted = await sender.envelope(mailbox, b"ciphertext", slot=1)
    assert accepted["type"] == "envelope.accepted"
    assert (accepted["mailbox"], accepted["sequence"], accepted["slot"]) == (mailbox, 2, 1)
    assert accepted["duplicate"] is False
    news = await reader.push("envelope.new")
    assert (news["mailbox"], news["head"], news["slot"]) == (mailbox, 2, 1)
    assert news["envelopes"] == [
        {
            "sequence": 2,
            "id": accepted["id"],
            "kind": "application",
            "slot": 1,
            "body": b"ciphertext",
            "hash": None,
            "minute": accepted["minute"],
            "commitment": COMMITMENT,
            "franking": accepted["franking"],
            "subscribers": None,
        }
    ]


async def test_the_sender_gets_its_own_envelope_after_the_answer(pair):
    sender, _, mailbox = pair
    accepted = await sender.envelope(mailbox, slot=1)
    sender.pushed.clear()
    news = await sender.push("envelope.new")
    assert news["envelopes"][0]["id"] == accepted["id"]


async def test_accepted_is_durable_and_keeps_no_sender(pair):
    sender, _, mailbox = pair
    accepted = await sender.envelope(mailbox, b"ciphertext", slot=1)
    row = await Envelope.objects.aget(mailbox_id=mailbox, sequence=accepted["sequence"])
    assert (row.body, row.hash) == (b"ciphertext", hashlib.sha256(b"ciphertext").digest())
    kept = b"".join(value for value in vars(row).values() if isinstance(value, bytes))
    assert sender.device not in kept


async def test_times_are_kept_to_the_minute(pair):
    sender, _, mailbox = pair
    accepted = await sender.envelope(mailbox, slot=1, expires_in=90)
    row = await Envelope.objects.aget(mailbox_id=mailbox, sequence=accepted["sequence"])
    assert accepted["minute"] % 60 == row.minute % 60 == row.expires % 60 == 0
    assert row.expires >= time.time() + 60


async def test_no_envelope_lives_longer_than_the_server_allows(pair, settings):
    sender, _, mailbox = pair
    settings.ENVELOPE_DAYS = 2
    for wish in (None, 2**32 - 1):
        accepted = await sender.envelope(mailbox, slot=1, expires_in=wish)
        row = await Envelope.objects.aget(mailbox_id=mailbox, sequence=accepted["sequence"])
        assert row.expires <= time.time() + 2 * 24 * 3600 + 60


async def test_the_tag_is_made_for_the_sender_and_the_place(pair, alice):
    sender, _, mailbox = pair
    accepted = await sender.envelope(mailbox, slot=1)
    tag = franking_tag(COMMITMENT, mailbox, accepted["sequence"], alice.account_id, accepted["minute"])
    assert accepted["franking"] == tag


async def test_the_same_envelope_again_gets_the_sequence_it_has(pair):
    sender, reader, mailbox = pair
    fields = envelope(mailbox, slot=1)
    first = await sender.ask("envelope.send", **fields)
    again = await sender.ask("envelope.send", **fields)
    assert again | {"ref": 0, "duplicate": False} == first | {"ref": 0}
    assert again["duplicate"] is True
    await reader.push("envelope.new")
    assert await reader.nothing_pushed()


async def test_the_same_envelope_twice_in_one_message_is_accepted_once(pair):
    sender, _, mailbox = pair
    fields = envelope(mailbox, slot=1)
    await sender.send({"type": "envelope.send", "ref": 1, **fields}, {"type": "envelope.send", "ref": 2, **fields})
    first, second = await sender.answer(1), await sender.answer(2)
    assert (first["sequence"], second["sequence"]) == (2, 2)
    assert (first["duplicate"], second["duplicate"]) == (False, True)


async def test_the_same_envelope_is_a_duplicate_even_when_its_slot_has_become_stale(pair, alice, bob):
    sender, _, mailbox = pair
    fields = envelope(mailbox, slot=1)
    await sender.ask("envelope.send", **fields)
    for slot in range(1, 5):
        await sender.ask("commit.send", **commit(mailbox, slot, [alice.device, bob.device]))
    assert (await sender.ask("envelope.send", **fields))["duplicate"] is True


@pytest.mark.parametrize("changed", [{"body": b"other"}, {"kind": "proposal"}])
async def test_other_bytes_under_the_same_id_are_refused(pair, changed):
    sender, _, mailbox = pair
    fields = envelope(mailbox, slot=1)
    await sender.ask("envelope.send", **fields)
    assert (await sender.ask("envelope.send", **fields | changed))["code"] == "id_conflict"


async def test_the_same_id_in_another_mailbox_is_another_envelope(pair, alice):
    sender, _, mailbox = pair
    other = await open_conversation(sender, [alice.device])
    fields = envelope(mailbox, slot=1)
    await sender.ask("envelope.send", **fields)
    assert (await sender.ask("envelope.send", **fields | {"mailbox": other}))["duplicate"] is False


async def test_a_foreign_mailbox_and_one_that_does_not_exist_are_not_told_apart(pair, connect, alice, bob):
    sender, reader, _ = pair
    foreign = await open_conversation(sender, [alice.device])
    for mailbox in (foreign, os.urandom(16), sender.home):
        for type_, fields in {
            "envelope.send": envelope(mailbox),
            "commit.send": commit(mailbox, 0, [bob.device]),
            "group_info.fetch": {"mailbox": mailbox},
            "envelope.drain": {"mailbox": mailbox, "after": 0, "limit": 1},
            "envelope.acknowledge": {"mailbox": mailbox, "sequence": 1},
            "subscription.end": {"mailbox": mailbox},
            "signal.send": {"mailbox": mailbox, "body": b"typing"},
        }.items():
            answer = await reader.ask(type_, **fields)
            assert answer == {"type": "error", "ref": answer["ref"], "code": "mailbox_unknown"}, type_


async def test_nobody_sends_into_a_device_mailbox_not_even_the_device(pair):
    sender, reader, _ = pair
    for home in (sender.home, reader.home):
        for kind in ("application", "archive", "proposal"):
            assert (await sender.envelope(home, kind=kind))["code"] == "mailbox_unknown"


async def test_a_conversation_takes_no_archive_records(pair):
    sender, _, mailbox = pair
    assert (await sender.envelope(mailbox, slot=1, kind="archive"))["code"] == "mailbox_unknown"


async def test_a_slot_up_to_two_before_the_present_one_is_taken(pair, alice, bob):
    sender, _, mailbox = pair
    for slot in (1, 2, 3):
        await sender.ask("commit.send", **commit(mailbox, slot, [alice.device, bob.device]))
    for slot, expected in ((1, "slot_stale"), (2, None), (3, None), (4, None), (5, "slot_stale")):
        answer = await sender.envelope(mailbox, slot=slot)
        assert answer.get("code") == expected, slot
        assert answer.get("slot", 4) == 4


async def test_the_stored_slot_is_that_of_the_mailbox(pair):
    sender, _, mailbox = pair
    accepted = await sender.envelope(mailbox, slot=0, kind="proposal")
    assert accepted["slot"] == 1


async def test_a_body_that_is_too_large_is_refused_and_the_socket_goes_on(pair):
    sender, _, mailbox = pair
    answer = await sender.envelope(mailbox, bytes(256 * 1024 + 1), slot=1)
    assert answer["code"] == "too_large"
    assert (await sender.envelope(mailbox, bytes(256 * 1024), slot=1))["type"] == "envelope.accepted"


async def test_a_full_mailbox_takes_nothing_more(pair, settings):
    sender, _, mailbox = pair
    settings.MAILBOX_QUOTA_BYTES = 3000
    assert (await sender.envelope(mailbox, bytes(2000), slot=1))["type"] == "envelope.accepted"
    assert (await sender.envelope(mailbox, bytes(2000), slot=1))["code"] == "quota_reached"
    assert (await sender.envelope(mailbox, bytes(900), slot=1))["type"] == "envelope.accepted"


async def test_the_mailbox_counts_its_bytes(pair):
    sender, _, mailbox = pair
    await sender.envelope(mailbox, bytes(2000), slot=1)
    row = await Mailbox.objects.aget(id=mailbox)
    assert row.bytes == 2000 + len(b"commit")


async def test_what_breaks_a_rule_fails_alone_in_its_batch(pair):
    sender, reader, mailbox = pair
    frames = [envelope(mailbox, b"a", slot=1), envelope(mailbox, b"b", slot=9), envelope(os.urandom(16)),
              envelope(mailbox, b"c", slot=1)]  # fmt: skip
    await sender.send(*({"type": "envelope.send", "ref": ref, **fields} for ref, fields in enumerate(frames, 1000)))
    answers = [await sender.answer(ref) for ref in range(1000, 1004)]
    assert [answer.get("code") for answer in answers] == [None, "slot_stale", "mailbox_unknown", None]
    assert [answers[0]["sequence"], answers[3]["sequence"]] == [2, 3]
    assert [row["body"] for row in await reader.drain(mailbox, after=1)] == [b"a", b"c"]


@pytest.fixture
def poison() -> Iterator[bytes]:
    """A body that the database itself refuses."""
    refusals.begin(b"poison")
    yield b"poison"
    refusals.end()


async def test_what_the_database_refuses_fails_alone_in_its_batch(pair, poison):
    sender, reader, mailbox = pair
    bodies = [b"a", poison, b"c"]
    await sender.send(
        *({"type": "envelope.send", "ref": 1000 + n, **envelope(mailbox, b, slot=1)} for n, b in enumerate(bodies))
    )
    answers = [await sender.answer(ref) for ref in range(1000, 1003)]
    assert [answer.get("code") for answer in answers] == [None, "storage_failed", None]
    assert [row["body"] for row in await reader.drain(mailbox, after=1)] == [b"a", b"c"]
    assert [row["sequence"] for row in await reader.drain(mailbox, after=1)] == [2, 3]


async def test_a_database_that_is_away_is_told_and_the_next_envelope_is_stored(pair, monkeypatch):
    sender, reader, mailbox = pair
    assert (await sender.envelope(mailbox, slot=1))["sequence"] == 2

    def away(*_parameters):
        raise OperationalError

    with monkeypatch.context() as patch:
        patch.setattr(statements, "lock_mailboxes", away)
        patch.setattr(Pipeline, "_write", refusals.lose_connection)
        assert (await sender.envelope(mailbox, slot=1))["code"] == "storage_failed"
    assert (await sender.envelope(mailbox, slot=1))["sequence"] == 3
    assert [row["sequence"] for row in await reader.drain(mailbox, after=1)] == [2, 3]


async def test_one_account_has_only_so_much_stored_in_an_hour(pair, connect, alice, settings):
    sender, reader, mailbox = pair
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"stored": "100/hour"}
    for _ in range(10):
        assert (await sender.envelope(mailbox, bytes(8 * 1024), slot=1))["type"] == "envelope.accepted"
    await sender.close()
    again = await connect(alice.device)
    refused = await again.envelope(mailbox, bytes(30 * 1024), slot=1)
    assert (refused["code"], refused["retry_after"] > 0) == ("rate_limited", True)
    large = commit(mailbox, 1, [alice.device], group_info=bytes(30 * 1024))
    assert (await again.ask("commit.send", **large))["code"] == "rate_limited"
    assert (await reader.envelope(mailbox, bytes(30 * 1024), slot=1))["type"] == "envelope.accepted"


async def test_what_a_closed_socket_had_stored_counts_too(pair, connect, alice, settings):
    sender, _, mailbox = pair
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"stored": "20/hour"}
    await sender.envelope(mailbox, bytes(15 * 1024), slot=1)
    await sender.close()
    again = await connect(alice.device)
    assert (await again.envelope(mailbox, bytes(17 * 1024), slot=1))["code"] == "rate_limited"
