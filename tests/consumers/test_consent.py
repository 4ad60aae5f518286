"""Nobody is put into a conversation who would not have given a key package for it."""

import hashlib
import os

import pytest
from asgiref.sync import sync_to_async

from keys import services, signals
from keys.models import ClaimGrant
from messaging.models import Membership, Subscription
from tests.consumers.socket_client import commit, open_conversation
from tests.consumers.test_commit_send import welcome
from tests.factories import FakeAccount, add_device, make_account, make_key_package


@pytest.fixture
async def mailbox(connect, alice):
    """A conversation that Alice has with herself."""
    return await open_conversation(await connect(alice.device), [alice.device])


@pytest.fixture
async def closed(bob) -> FakeAccount:
    """Bob, who takes no strangers."""
    await sync_to_async(services.set_open_to_strangers)(bob.account_id, value=False)
    return bob


async def add(connect, adder, mailbox, accounts, slot=1, **changed):
    client = await connect(adder.device)
    devices = [account.device for account in accounts]
    return await client.ask("commit.send", **commit(mailbox, slot, devices, **changed))


def share(requester, target) -> bool:
    answers = signals.claim_requested.send(None, requester=requester.account_id, target=target.account_id)
    return any(answer for _, answer in answers)


async def test_who_takes_no_strangers_is_added_by_none(connect, mailbox, alice, closed):
    unasked = await add(connect, alice, mailbox, [alice, closed], welcomes=[welcome(closed.device)])
    assert unasked["code"] == "claim_refused"
    only_member = await add(connect, alice, mailbox, [alice], members=[alice.account_id, closed.account_id])
    assert only_member["code"] == "claim_refused"
    assert not await Subscription.objects.filter(account=closed.account_id, mailbox_id=mailbox).aexists()
    assert not await Membership.objects.filter(account=closed.account_id).aexists()
    assert not await sync_to_async(share)(alice, closed)


async def test_an_account_that_is_nobody_s_is_no_member(connect, mailbox, alice):
    nobody = os.urandom(16)
    answer = await add(connect, alice, mailbox, [alice], members=[alice.account_id, nobody])
    assert answer["type"] == "envelope.accepted"
    assert not await Membership.objects.filter(account=nobody).aexists()


async def test_who_was_invited_may_add_who_invited(connect, mailbox, alice, closed):
    token = os.urandom(16)

    def invite_and_claim():
        hashed = hashlib.sha256(token).digest()
        services.create_invitation(closed.account_id, hashed, 600)
        services.publish_key_packages(closed.device.device_id, 1, [make_key_package(closed.device)])
        services.claim_key_packages(alice.account_id, alice.device.device_id, closed.account_id, 1, token)

    await sync_to_async(invite_and_claim)()
    carol = await sync_to_async(make_account)()
    theirs = await open_conversation(await connect(carol.device), [carol.device])
    assert (await add(connect, carol, theirs, [carol, closed]))["code"] == "claim_refused"
    assert (await add(connect, alice, mailbox, [alice, closed]))["type"] == "envelope.accepted"


async def test_an_invitation_used_long_ago_adds_nobody(connect, mailbox, alice, closed):
    await test_who_was_invited_may_add_who_invited(connect, mailbox, alice, closed)
    await ClaimGrant.objects.aupdate(expires="2020-01-01T00:00Z")
    bob = await connect(closed.device)
    assert (await bob.ask("subscription.end", mailbox=mailbox))["type"] == "ok"
    other = await open_conversation(await connect(alice.device), [alice.device])
    assert (await add(connect, alice, other, [alice, closed]))["code"] == "claim_refused"
    await sync_to_async(services.delete_expired)()
    assert not await ClaimGrant.objects.aexists()


async def test_who_shares_a_conversation_is_added_to_another(connect, mailbox, alice, bob):
    assert (await add(connect, alice, mailbox, [alice, bob]))["type"] == "envelope.accepted"
    await sync_to_async(services.set_open_to_strangers)(bob.account_id, value=False)
    other = await open_conversation(await connect(alice.device), [alice.device])
    assert (await add(connect, alice, other, [alice, bob]))["type"] == "envelope.accepted"


async def test_who_was_dropped_by_another_is_restored_by_anybody(connect, mailbox, alice, bob):
    carol = await sync_to_async(make_account)()
    await add(connect, alice, mailbox, [alice, bob, carol])
    await sync_to_async(services.set_open_to_strangers)(bob.account_id, value=False)
    await add(connect, alice, mailbox, [alice, carol], slot=2)
    assert (await add(connect, carol, mailbox, [alice, bob, carol], slot=3))["type"] == "envelope.accepted"


async def test_who_has_left_shares_the_conversation_no_more(connect, mailbox, alice, bob):
    await add(connect, alice, mailbox, [alice, bob])
    assert await sync_to_async(share)(alice, bob)
    await (await connect(bob.device)).ask("subscription.end", mailbox=mailbox)
    assert not await sync_to_async(share)(alice, bob)
    assert await sync_to_async(share)(bob, alice)


async def test_one_account_is_added_only_so_often(connect, mailbox, alice, bob, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"add_pair": "2/hour"}
    phone = await sync_to_async(add_device)(alice)
    one = await connect(alice.device)
    for slot in (1, 2):
        again = [welcome(bob.device), welcome(phone)]
        devices = [alice.device, phone, bob.device]
        assert (await one.ask("commit.send", **commit(mailbox, slot, devices, welcomes=again)))["slot"] == slot + 1
    flood = await one.ask("commit.send", **commit(mailbox, 3, devices, welcomes=[welcome(bob.device)]))
    assert flood["code"] == "rate_limited"
    assert 0 < flood["retry_after"] <= 3600
    # One's own devices, and those that are there, are no burden to anyone.
    own = await one.ask("commit.send", **commit(mailbox, 3, devices, welcomes=[welcome(phone)]))
    assert own["type"] == "envelope.accepted"


async def test_one_account_adds_only_so_many(connect, mailbox, alice, bob, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"add": "2/hour"}
    people = [bob, *[await sync_to_async(make_account)() for _ in range(2)]]
    assert (await add(connect, alice, mailbox, [alice, *people]))["code"] == "rate_limited"
    assert (await add(connect, alice, mailbox, [alice, *people[:2]]))["type"] == "envelope.accepted"


async def test_a_suspended_account_stops_nobody_s_commit_and_reads_nothing(connect, mailbox, alice, bob):
    await add(connect, alice, mailbox, [alice, bob])
    await sync_to_async(services.suspend_account)(bob.account_id)
    assert (await add(connect, alice, mailbox, [alice, bob], slot=2))["type"] == "envelope.accepted"
    assert not await Subscription.objects.filter(account=bob.account_id, mailbox_id=mailbox, last=None).aexists()
    await sync_to_async(services.reinstate_account)(bob.account_id)
    assert (await add(connect, bob, mailbox, [alice, bob], slot=3))["type"] == "envelope.accepted"
