"""An account's archive: entries that several devices write once, its quota, and its end."""

import hashlib
import os

import pytest
from asgiref.sync import sync_to_async

from messaging.models import Envelope, Mailbox, Membership, Subscription
from messaging.selectors import stored_share
from messaging.services import expire_envelopes
from tests.consumers.socket_client import envelope, open_archive, open_conversation
from tests.factories import add_device, remove_device, start_over

KIB = 1024


@pytest.fixture
async def two(connect, alice):
    """The sockets of two devices of one account, and its archive."""
    second = await sync_to_async(add_device)(alice)
    one, other = await connect(alice.device), await connect(second)
    return one, other, await open_archive(one)


def entry(mailbox: bytes, body: bytes, **changed) -> dict:
    return envelope(mailbox, body, kind="archive") | changed


def digest(body: bytes) -> bytes:
    return hashlib.sha256(body).digest()


async def test_what_another_device_has_stored_is_a_duplicate_and_its_hash_is_told(two):
    one, other, archive = two
    id_ = os.urandom(16)
    first = await one.ask("envelope.send", **entry(archive, b"first", id=id_))
    assert (first["duplicate"], first["hash"]) == (False, None)
    for client, body in ((other, b"second"), (one, b"first")):
        again = await client.ask("envelope.send", **entry(archive, body, id=id_))
        assert (again["type"], again["duplicate"], again["sequence"]) == ("envelope.accepted", True, 1)
        assert again["hash"] == digest(b"first")
        assert again["franking"] == first["franking"]
    assert [row["body"] for row in await other.drain(archive)] == [b"first"]
    assert (await Mailbox.objects.aget(id=archive)).bytes == len(b"first")


async def test_an_entry_that_comes_twice_in_one_batch_is_stored_once(two):
    one, _, archive = two
    id_ = os.urandom(16)
    both = [
        entry(archive, body, id=id_) | {"type": "envelope.send", "ref": ref} for ref, body in enumerate((b"a", b"b"))
    ]
    await one.send(*both)
    first, second = await one.answer(0), await one.answer(1)
    assert (first["duplicate"], first["hash"]) == (False, None)
    assert (second["duplicate"], second["sequence"], second["hash"]) == (True, first["sequence"], digest(b"a"))
    assert [row["body"] for row in await one.drain(archive)] == [b"a"]


async def test_no_hash_is_told_in_a_conversation(connect, alice):
    client = await connect(alice.device)
    mailbox = await open_conversation(client, [alice.device])
    fields = envelope(mailbox, slot=1)
    assert [(await client.ask("envelope.send", **fields))["hash"] for _ in range(2)] == [None, None]
    assert (await client.ask("envelope.send", **fields | {"body": b"other"}))["code"] == "id_conflict"


async def test_the_list_says_how_much_an_archive_holds(two):
    one, other, archive = two
    await one.envelope(archive, bytes(1000), kind="archive")
    entries = (await other.ask("mailbox.list", after=None))["mailboxes"]
    assert {row["mailbox"]: row["bytes"] for row in entries} == {archive: 1000, other.home: 0}


async def test_an_archive_holds_more_than_a_conversation_and_counts_for_its_account(two, settings, alice):
    settings.MAILBOX_QUOTA_BYTES, settings.ARCHIVE_QUOTA_BYTES = 10 * KIB, 30 * KIB
    one, _, archive = two
    for _ in range(3):
        assert (await one.envelope(archive, bytes(10 * KIB), kind="archive"))["type"] == "envelope.accepted"
    assert (await one.envelope(archive, b"x", kind="archive"))["code"] == "quota_reached"
    assert await sync_to_async(stored_share)(alice.account_id) == 30 * KIB
    mailbox = await open_conversation(one, [alice.device])
    assert (await one.envelope(mailbox, bytes(10 * KIB), slot=1))["code"] == "quota_reached"


# --- its end ----------------------------------------------------------------------------------------------------------


async def test_an_erased_archive_is_read_by_nobody_from_then_on(two):
    one, other, archive = two
    await one.envelope(archive, b"history", kind="archive")
    assert (await one.ask("mailbox.erase", mailbox=archive))["type"] == "ok"
    assert await other.push("subscription.ended") == {"type": "subscription.ended", "mailbox": archive, "last": 0}
    assert not [frame for frame in one.pushed if frame["type"] == "subscription.ended"]
    for client in (one, other):
        for bounds in ({}, {"before": 100}):
            answer = await client.ask("envelope.drain", mailbox=archive, after=0, limit=1, **bounds)
            assert answer["code"] == "mailbox_unknown"
        assert (await client.envelope(archive, kind="archive"))["code"] == "mailbox_unknown"
        assert (await client.ask("envelope.acknowledge", mailbox=archive, sequence=1))["code"] == "mailbox_unknown"
        assert (await client.ask("mailbox.erase", mailbox=archive))["code"] == "mailbox_unknown"
        entries = (await client.ask("mailbox.list", after=None))["mailboxes"]
        assert [row["mailbox"] for row in entries] == [client.home]


async def test_what_was_in_it_is_deleted_in_pieces_and_its_id_is_taken_until_then(two, monkeypatch, alice):
    monkeypatch.setattr(expire_envelopes, "BATCH", 2)
    one, _, archive = two
    for _ in range(5):
        await one.envelope(archive, kind="archive")
    await one.ask("mailbox.erase", mailbox=archive)
    left = []
    while await sync_to_async(expire_envelopes.expire_step)():
        left.append(await Envelope.objects.filter(mailbox_id=archive).acount())
        if left[-1]:
            again = await one.ask("mailbox.create", mailbox=archive, kind="archive")
            assert again["code"] == "id_conflict"
    assert left[:3] == [3, 1, 0]
    assert not await Mailbox.objects.filter(id=archive).aexists()
    assert (await one.ask("mailbox.create", mailbox=archive, kind="archive"))["type"] == "ok"
    assert await sync_to_async(stored_share)(alice.account_id) == 0


async def test_a_device_that_is_added_afterwards_has_nothing_of_it(two, connect, alice):
    one, _, archive = two
    await one.ask("mailbox.erase", mailbox=archive)
    third = await connect(await sync_to_async(add_device)(alice))
    assert (await third.ask("envelope.drain", mailbox=archive, after=0, limit=1))["code"] == "mailbox_unknown"


async def test_nobody_erases_what_is_not_an_archive_of_their_account(two, connect, alice, bob):
    one, _, archive = two
    stranger = await connect(bob.device)
    conversation = await open_conversation(one, [alice.device])
    for client, mailbox in ((stranger, archive), (one, conversation), (one, one.home), (one, os.urandom(16))):
        assert (await client.ask("mailbox.erase", mailbox=mailbox))["code"] == "mailbox_unknown"
    assert (await one.envelope(archive, kind="archive"))["type"] == "envelope.accepted"
    assert (await one.envelope(conversation, slot=1))["type"] == "envelope.accepted"


async def test_an_erased_archive_makes_place_for_another_one(two):
    one, _, archive = two
    for _ in range(3):
        await open_archive(one)
    assert (await one.ask("mailbox.create", mailbox=os.urandom(16), kind="archive"))["code"] == "quota_reached"
    await one.ask("mailbox.erase", mailbox=archive)
    assert (await one.ask("mailbox.create", mailbox=os.urandom(16), kind="archive"))["type"] == "ok"


# --- devices that come and go -----------------------------------------------------------------------------------------


async def test_a_removed_device_ends_in_the_archive_too(two, alice):
    one, other, archive = two
    await one.envelope(archive, kind="archive")
    await sync_to_async(remove_device)(alice, alice.devices[-1])
    assert (await other.close_code())[1] == "device_revoked"
    ended = await Subscription.objects.aget(mailbox_id=archive, device=other.device)
    assert ended.last == 1
    assert (await one.envelope(archive, kind="archive"))["type"] == "envelope.accepted"


async def test_an_account_that_starts_over_has_no_archive_left(two, connect, alice):
    one, other, archive = two
    for _ in range(3):
        await open_archive(one)
    await one.envelope(archive, kind="archive")
    new = await sync_to_async(start_over)(alice)
    for old in (one, other):
        assert (await old.close_code())[1] == "device_revoked"
    client = await connect(new)
    assert (await client.ask("envelope.drain", mailbox=archive, after=0, limit=1))["code"] == "mailbox_unknown"
    # Nor do they count: as many as ever may be made.
    for _ in range(4):
        await open_archive(client)
    while await sync_to_async(expire_envelopes.expire_step)():
        pass
    assert not await Mailbox.objects.filter(id=archive).aexists()


async def test_the_archive_waits_for_its_account_while_that_has_no_device(two, alice):
    one, _, archive = two
    await one.envelope(archive, b"history", kind="archive")
    for device in list(alice.devices):
        await sync_to_async(remove_device)(alice, device)
    while await sync_to_async(expire_envelopes.expire_step)():
        pass
    assert await Membership.objects.filter(mailbox_id=archive, account=alice.account_id).aexists()
    assert await Envelope.objects.filter(mailbox_id=archive).acount() == 1
