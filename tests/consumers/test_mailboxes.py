"""Making, listing, draining, acknowledging and leaving mailboxes."""

import os

import pytest
from asgiref.sync import sync_to_async

from messaging import frames
from messaging.models import Mailbox, Subscription
from messaging.services import create_mailbox as service
from messaging.services import expire_envelopes
from messaging.worker import this_worker
from tests.consumers.socket_client import commit, open_conversation
from tests.factories import add_device


@pytest.fixture
async def conversation(connect, alice, bob):
    one, other = await connect(alice.device), await connect(bob.device)
    return one, other, await open_conversation(one, [alice.device, bob.device])


async def listed(client) -> dict[bytes, dict]:
    return {entry["mailbox"]: entry for entry in (await client.ask("mailbox.list", after=None))["mailboxes"]}


async def test_making_a_mailbox_again_changes_nothing_while_it_is_empty(connect, alice):
    client, mailbox = await connect(alice.device), os.urandom(16)
    for _ in range(2):
        assert (await client.ask("mailbox.create", mailbox=mailbox, kind="conversation"))["type"] == "ok"
    assert (await client.ask("mailbox.create", mailbox=mailbox, kind="archive"))["code"] == "id_conflict"
    await client.ask("commit.send", **commit(mailbox, 0, [alice.device]))
    assert (await client.ask("mailbox.create", mailbox=mailbox, kind="conversation"))["code"] == "id_conflict"


async def test_nobody_makes_a_mailbox_that_another_has(connect, alice, bob):
    one, other, mailbox = await connect(alice.device), await connect(bob.device), os.urandom(16)
    await one.ask("mailbox.create", mailbox=mailbox, kind="conversation")
    for id_ in (mailbox, one.home, other.home):
        assert (await other.ask("mailbox.create", mailbox=id_, kind="conversation"))["code"] == "id_conflict"
    assert mailbox not in await listed(other)


async def test_an_account_has_only_so_many_mailboxes(connect, alice, monkeypatch):
    monkeypatch.setattr(service, "MOST_MAILBOXES", 1)
    client = await connect(alice.device)
    assert (await client.ask("mailbox.create", mailbox=os.urandom(16), kind="conversation"))["type"] == "ok"
    answer = await client.ask("mailbox.create", mailbox=os.urandom(16), kind="conversation")
    assert answer["code"] == "quota_reached"


async def test_a_conversation_that_one_has_left_takes_no_room(connect, alice, bob, monkeypatch):
    monkeypatch.setattr(service, "MOST_MAILBOXES", 1)
    one, other = await connect(alice.device), await connect(bob.device)
    mailbox = await open_conversation(one, [alice.device, bob.device])
    assert (await other.ask("mailbox.create", mailbox=os.urandom(16), kind="conversation"))["code"] == "quota_reached"
    await other.ask("subscription.end", mailbox=mailbox)
    assert (await other.ask("mailbox.create", mailbox=os.urandom(16), kind="conversation"))["type"] == "ok"


async def test_a_mailbox_that_was_never_used_goes_with_its_creator(connect, alice):
    client, mailbox = await connect(alice.device), os.urandom(16)
    await client.ask("mailbox.create", mailbox=mailbox, kind="conversation")
    await client.ask("subscription.end", mailbox=mailbox)
    await sync_to_async(expire_envelopes.expire_step)()
    assert not await Mailbox.objects.filter(id=mailbox).aexists()


async def test_an_account_has_few_archives(connect, alice):
    client = await connect(alice.device)
    for _ in range(4):
        assert (await client.ask("mailbox.create", mailbox=os.urandom(16), kind="archive"))["type"] == "ok"
    assert (await client.ask("mailbox.create", mailbox=os.urandom(16), kind="archive"))["code"] == "quota_reached"
    assert (await client.ask("mailbox.create", mailbox=os.urandom(16), kind="conversation"))["type"] == "ok"


async def test_there_is_no_group_info_before_the_first_commit(connect, alice):
    client, mailbox = await connect(alice.device), os.urandom(16)
    await client.ask("mailbox.create", mailbox=mailbox, kind="conversation")
    assert (await client.ask("group_info.fetch", mailbox=mailbox))["code"] == "not_found"


async def test_the_list_says_where_the_device_stands(conversation):
    one, other, mailbox = conversation
    await one.envelope(mailbox, slot=1)
    entry = (await listed(other))[mailbox]
    assert entry == {
        "mailbox": mailbox,
        "kind": "conversation",
        "head": 2,
        "first": 2,
        "last": None,
        "acknowledged": 1,
        "slot": 1,
        "bytes": len(b"commit") + len(b"body"),
    }
    assert (await listed(other))[other.home]["kind"] == "device"


async def test_the_list_comes_in_pages(connect, alice, monkeypatch):
    monkeypatch.setattr("messaging.services.list_mailboxes.PAGE_MAILBOXES", 2)
    client = await connect(alice.device)
    for _ in range(4):
        await client.ask("mailbox.create", mailbox=os.urandom(16), kind="conversation")
    found, after, sizes = [], None, []
    while True:
        page = await client.ask("mailbox.list", after=after)
        found += [entry["mailbox"] for entry in page["mailboxes"]]
        sizes.append(len(page["mailboxes"]))
        if not page["more"]:
            break
        after = found[-1]
    assert sizes == [2, 2, 1]
    assert found == sorted(set(found))


async def test_who_was_away_drains_everything_in_order(connect, conversation, bob):
    one, other, mailbox = conversation
    await other.close()
    for number in range(10):
        await one.envelope(mailbox, bytes([number]), slot=1)
    returned = await connect(bob.device)
    bodies, after = [], 0
    while batch := await returned.drain(mailbox, after, limit=4):
        bodies += [row["body"] for row in batch]
        after = batch[-1]["sequence"]
    assert bodies == [bytes([number]) for number in range(10)]


async def test_a_drain_is_limited_in_bytes_but_gives_at_least_one(conversation, monkeypatch):
    one, other, mailbox = conversation
    for _ in range(6):
        await one.envelope(mailbox, bytes(256 * 1024), slot=1)
    assert len(await other.drain(mailbox)) == frames.DRAIN_BYTES // (256 * 1024)
    monkeypatch.setattr(frames, "DRAIN_BYTES", 1)
    assert len(await other.drain(mailbox)) == 1


async def test_a_drain_says_head_and_slot(conversation):
    one, other, mailbox = conversation
    await one.envelope(mailbox, slot=1)
    answer = await other.ask("envelope.drain", mailbox=mailbox, after=2, limit=10)
    assert (answer["head"], answer["slot"], answer["envelopes"]) == (2, 1, [])


async def test_acknowledgements_are_written_together(conversation, bob):
    one, other, mailbox = conversation
    for _ in range(5):
        await one.envelope(mailbox, slot=1)
    for sequence in (3, 5, 4):
        assert (await other.ask("envelope.acknowledge", mailbox=mailbox, sequence=sequence))["type"] == "ok"
    await this_worker().acknowledgements.flush()
    assert (await listed(other))[mailbox]["acknowledged"] == 5


async def test_acknowledgements_are_written_when_the_worker_stops(conversation, bob):
    one, other, mailbox = conversation
    await one.envelope(mailbox, slot=1)
    await other.ask("envelope.acknowledge", mailbox=mailbox, sequence=2)
    await other.close()
    await this_worker().stop()
    subscription = await Subscription.objects.aget(mailbox_id=mailbox, device=bob.device.device_id)
    assert subscription.acknowledged == 2


async def test_a_cursor_never_goes_back_nor_beyond_the_head(conversation):
    one, other, mailbox = conversation
    for _ in range(3):
        await one.envelope(mailbox, slot=1)
    for sequence in (3, 2, 2**40):
        await other.ask("envelope.acknowledge", mailbox=mailbox, sequence=sequence)
        await this_worker().acknowledgements.flush()
        assert (await listed(other))[mailbox]["acknowledged"] == 3


async def test_leaving_ends_the_subscription_at_the_head(conversation):
    one, other, mailbox = conversation
    await one.envelope(mailbox, b"before", slot=1)
    for _ in range(2):
        assert (await other.ask("subscription.end", mailbox=mailbox))["type"] == "ok"
    other.pushed.clear()
    await one.envelope(mailbox, b"after", slot=1)
    assert await other.nothing_pushed()
    assert [row["body"] for row in await other.drain(mailbox)] == [b"before"]
    assert (await other.envelope(mailbox, slot=1))["code"] == "mailbox_unknown"


async def test_nobody_leaves_a_device_mailbox_or_an_archive(connect, alice):
    client, archive = await connect(alice.device), os.urandom(16)
    await client.ask("mailbox.create", mailbox=archive, kind="archive")
    for mailbox in (archive, client.home):
        assert (await client.ask("subscription.end", mailbox=mailbox))["code"] == "mailbox_unknown"


async def test_an_archive_reaches_all_devices_of_the_account_later_ones_from_its_beginning(connect, alice, bob):
    second = await sync_to_async(add_device)(alice)
    one, other, stranger = await connect(alice.device), await connect(second), await connect(bob.device)
    archive = os.urandom(16)
    await one.ask("mailbox.create", mailbox=archive, kind="archive")
    await one.envelope(archive, b"history", kind="archive", slot=0)
    assert (await other.push("envelope.new"))["envelopes"][0]["body"] == b"history"
    third = await connect(await sync_to_async(add_device)(alice))
    assert [row["body"] for row in await third.drain(archive)] == [b"history"]
    assert (await stranger.ask("envelope.drain", mailbox=archive, after=0, limit=1))["code"] == "mailbox_unknown"
    assert (await one.envelope(archive, kind="application"))["code"] == "mailbox_unknown"
