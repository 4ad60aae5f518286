"""What goes, when, and what is left of it."""

import hashlib
import os
import time

import pytest
from asgiref.sync import sync_to_async
from django.core.management import call_command

from keys import signals
from keys.services import delete_account
from messaging.models import Envelope, Mailbox
from messaging.services import expire_envelopes as service
from messaging.services.go_on_elsewhere import go_on_elsewhere
from messaging.worker import this_worker
from tests.consumers.socket_client import commit, open_conversation
from tests.factories import make_account

LATER = 10 * 60


@pytest.fixture
async def conversation(connect, alice, bob):
    one, other = await connect(alice.device), await connect(bob.device)
    return one, other, await open_conversation(one, [alice.device, bob.device])


@pytest.fixture
def expire(monkeypatch):
    """Runs the command at a time so many seconds from now."""
    now = time.time

    async def run(seconds: int = 0) -> None:
        await this_worker().acknowledgements.flush()
        monkeypatch.setattr(service.time, "time", lambda: now() + seconds)
        await sync_to_async(call_command, thread_sensitive=False)("expire_envelopes", once=True)
        monkeypatch.setattr(service.time, "time", now)

    return run


async def stored(mailbox: bytes) -> list[int]:
    rows = Envelope.objects.filter(mailbox_id=mailbox).order_by("sequence").values_list("sequence", flat=True)
    return [sequence async for sequence in rows]


async def test_an_expired_envelope_leaves_what_the_order_needs(conversation, expire):
    one, other, mailbox = conversation
    accepted = await one.envelope(mailbox, b"disappearing", slot=1, expires_in=60)
    await one.envelope(mailbox, b"staying", slot=1)
    await expire(LATER)
    gap, after = await other.drain(mailbox)
    assert gap == {
        "sequence": 2,
        "id": accepted["id"],
        "kind": "application",
        "slot": 1,
        "body": None,
        "hash": hashlib.sha256(b"disappearing").digest(),
        "minute": 0,
        "commitment": bytes(32),
        "franking": bytes(32),
        "subscribers": None,
    }
    assert (after["body"], after["hash"]) == (b"staying", None)
    assert (await Mailbox.objects.aget(id=mailbox)).bytes == len(b"commit") + len(b"staying")


async def test_nothing_expires_before_its_time(conversation, expire):
    one, other, mailbox = conversation
    await one.envelope(mailbox, b"disappearing", slot=1, expires_in=3600)
    await expire(LATER)
    assert [row["body"] for row in await other.drain(mailbox)] == [b"disappearing"]


async def test_the_same_envelope_is_a_duplicate_even_when_it_has_expired(conversation, expire):
    one, _, mailbox = conversation
    id_ = os.urandom(16)
    await one.envelope(mailbox, b"disappearing", slot=1, expires_in=60, id=id_)
    await expire(LATER)
    again = await one.envelope(mailbox, b"disappearing", slot=1, expires_in=60, id=id_)
    assert (again["duplicate"], again["sequence"]) == (True, 2)
    assert (await one.envelope(mailbox, b"other", slot=1, id=id_))["code"] == "id_conflict"


async def test_what_everyone_has_acknowledged_is_gone(conversation, expire):
    one, other, mailbox = conversation
    for _ in range(3):
        await one.envelope(mailbox, slot=1)
    await one.ask("envelope.acknowledge", mailbox=mailbox, sequence=4)
    await other.ask("envelope.acknowledge", mailbox=mailbox, sequence=3)
    await expire()
    assert await stored(mailbox) == [4]
    assert (await Mailbox.objects.aget(id=mailbox)).bytes == len(b"body")
    assert (await one.envelope(mailbox, slot=1))["sequence"] == 5
    assert [row["sequence"] for row in await other.drain(mailbox)] == [4, 5]


async def test_acceptance_and_acknowledgement_alone_delete_nothing(conversation):
    one, other, mailbox = conversation
    for client in (one, other):
        await client.ask("envelope.acknowledge", mailbox=mailbox, sequence=1)
    await this_worker().acknowledgements.flush()
    assert await stored(mailbox) == [1]


async def test_a_gap_goes_too_when_every_cursor_has_passed(conversation, expire):
    one, other, mailbox = conversation
    await one.envelope(mailbox, slot=1, expires_in=60)
    await expire(LATER)
    for client in (one, other):
        await client.ask("envelope.acknowledge", mailbox=mailbox, sequence=2)
    await expire()
    assert await stored(mailbox) == []


async def test_who_has_left_is_not_waited_for(conversation, expire, alice):
    one, other, mailbox = conversation
    await one.envelope(mailbox, slot=1)
    await one.ask("commit.send", **commit(mailbox, 1, [alice.device]))
    await one.ask("envelope.acknowledge", mailbox=mailbox, sequence=3)
    await expire()
    assert await stored(mailbox) == []
    assert await other.drain(mailbox) == []


async def test_more_than_one_batch_is_cleared_away(conversation, expire, monkeypatch):
    monkeypatch.setattr(service, "BATCH", 2)
    one, other, mailbox = conversation
    for _ in range(7):
        await one.envelope(mailbox, slot=1, expires_in=60)
    await expire(LATER)
    assert {row["body"] for row in await other.drain(mailbox)} == {None}
    for client in (one, other):
        await client.ask("envelope.acknowledge", mailbox=mailbox, sequence=8)
    await expire()
    assert await stored(mailbox) == []


async def test_a_mailbox_that_was_put_back_is_cleared_in_a_few_steps(conversation, expire, monkeypatch):
    monkeypatch.setattr(service, "BATCH", 2)
    one, other, mailbox = conversation
    for _ in range(2):
        await one.envelope(mailbox, slot=1)
    await sync_to_async(go_on_elsewhere)()
    head = (await Mailbox.objects.aget(id=mailbox)).head
    assert await stored(mailbox) == [1, 2, 3, head]
    for client in (one, other):
        await client.ask("envelope.acknowledge", mailbox=mailbox, sequence=head)
    steps = []
    monkeypatch.setattr(service, "clear_mailboxes", counted(service.clear_mailboxes, steps))
    await expire()
    assert await stored(mailbox) == []
    assert (await Mailbox.objects.aget(id=mailbox)).gone == head


def counted(step, steps: list):
    """The step, which fails when it is done without end."""

    def step_once(marked):
        steps.append(marked)
        assert len(steps) < 10
        return step(marked)

    return step_once


async def test_an_archive_stays_until_its_account_is_deleted(connect, alice, expire):
    client, archive = await connect(alice.device), os.urandom(16)
    await client.ask("mailbox.create", mailbox=archive, kind="archive")
    await client.envelope(archive, b"history", kind="archive", slot=0, expires_in=60)
    await client.ask("envelope.acknowledge", mailbox=archive, sequence=1)
    await expire(LATER)
    assert [row["body"] for row in await client.drain(archive)] == [b"history"]
    deleted = {"account": alice.account_id, "devices": [alice.device.device_id]}
    await sync_to_async(signals.account_deleted.send)(sender=None, **deleted)
    await expire()
    assert not await Mailbox.objects.filter(id__in=[archive, client.home]).aexists()
    assert not await Envelope.objects.aexists()


async def test_a_conversation_stays_for_who_may_come_back_to_it(conversation, expire, alice, bob):
    one, other, mailbox = conversation
    await other.ask("commit.send", **commit(mailbox, 1, [bob.device]))
    await sync_to_async(delete_account)(bob.account_id)
    await expire()
    back = await one.ask("commit.send", **commit(mailbox, 1, [alice.device], body=b"repair"))
    assert (back["type"], back["slot"], back["sequence"]) == ("envelope.accepted", 3, 3)
    # What it could not read any more is told as a gap.
    assert [row["body"] for row in await one.drain(mailbox)] == [b"repair"]
    entries = (await one.ask("mailbox.list", after=None))["mailboxes"]
    assert next(entry["first"] for entry in entries if entry["mailbox"] == mailbox) == 3
    await sync_to_async(delete_account)(alice.account_id)
    await expire()
    assert not await Mailbox.objects.filter(id=mailbox).aexists()


async def test_who_was_removed_while_away_and_can_not_read_it_stays_out(connect, conversation, expire, alice, bob):
    one, other, mailbox = conversation
    carol = await sync_to_async(make_account)()
    both = [alice.device, bob.device]
    welcomes = [{"device": carol.device.device_id, "id": os.urandom(16), "body": b"welcome"}]
    await one.ask("commit.send", **commit(mailbox, 1, [*both, carol.device], welcomes=welcomes))
    await one.ask("commit.send", **commit(mailbox, 2, both))
    for client in (one, other):
        await client.ask("envelope.acknowledge", mailbox=mailbox, sequence=3)
    await expire()
    away = await connect(carol.device)
    assert await away.drain(mailbox) == []
    for slot in (2, 3):
        answer = await away.ask("commit.send", **commit(mailbox, slot, [*both, carol.device]))
        assert answer["code"] == "mailbox_unknown"
