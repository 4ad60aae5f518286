"""What `keys` changes: subscriptions end in its transaction, sockets after it."""

import pytest
from asgiref.sync import sync_to_async
from django.db import transaction

from keys import signals
from keys.services import end_sessions
from messaging.models import MailboxKind, Membership, Subscription
from messaging.services import end_subscriptions
from tests.consumers.socket_client import commit, open_conversation
from tests.factories import add_device, make_account, remove_device


@pytest.fixture
async def conversation(connect, alice, bob):
    one, other = await connect(alice.device), await connect(bob.device)
    return one, other, await open_conversation(one, [alice.device, bob.device])


def tell(signal, **what):
    with transaction.atomic():
        return signal.send(sender=None, **what)


async def live_kinds(account) -> list[int]:
    rows = Subscription.objects.filter(account=account.account_id, last=None).order_by("mailbox__kind")
    return [kind async for kind in rows.values_list("mailbox__kind", flat=True)]


async def test_a_device_has_its_mailbox_from_the_beginning(alice):
    await sync_to_async(add_device)(alice)
    assert await live_kinds(alice) == [MailboxKind.DEVICE, MailboxKind.DEVICE]


async def test_a_removed_device_reads_nothing_any_more(connect, conversation, alice, bob):
    one, other, mailbox = conversation
    second = await sync_to_async(add_device)(bob)
    await one.ask("commit.send", **commit(mailbox, 1, [alice.device, bob.device, second]))
    await sync_to_async(remove_device)(bob, second)
    assert not await Subscription.objects.filter(device=second.device_id, last=None).aexists()
    ended = await Subscription.objects.aget(device=second.device_id, mailbox_id=mailbox)
    assert ended.last == 2
    answer = await one.ask("commit.send", **commit(mailbox, 2, [alice.device, bob.device, second]))
    assert answer["code"] == "subscribers_invalid"
    assert (await other.ask("ping"))["type"] == "pong"


async def test_when_the_change_is_undone_nothing_has_ended(conversation, bob, monkeypatch):
    _, other, mailbox = conversation

    def refuse(**_what):
        raise ValueError

    signals.device_removed.connect(refuse)
    try:
        with pytest.raises(ValueError):  # noqa: PT011 - our own
            await sync_to_async(tell)(signals.device_removed, account=bob.account_id, device=bob.device.device_id)
    finally:
        signals.device_removed.disconnect(refuse)
    assert (await other.envelope(mailbox, slot=1))["type"] == "envelope.accepted"


async def test_a_suspended_account_loses_sockets_and_conversations_but_not_its_own_mailbox(conversation, bob):
    one, other, mailbox = conversation
    await sync_to_async(tell)(signals.account_suspended, account=bob.account_id)
    assert await other.close_code() == (4403, "device_revoked")
    assert await live_kinds(bob) == [MailboxKind.DEVICE]
    assert await Membership.objects.filter(account=bob.account_id, mailbox_id=mailbox).aexists()
    assert (await one.envelope(mailbox, slot=1))["type"] == "envelope.accepted"


async def test_ended_sessions_close_sockets_and_the_device_comes_back_with_another_token(conversation, connect, bob):
    one, other, mailbox = conversation
    await sync_to_async(end_sessions)([bob.device.device_id])
    assert await other.close_code() == (4401, "token_expired")
    assert await live_kinds(bob) == [MailboxKind.DEVICE, MailboxKind.CONVERSATION]
    await connect(bob.device)
    assert (await one.envelope(mailbox, slot=1))["type"] == "envelope.accepted"


async def test_a_deleted_account_leaves_nothing_behind(conversation, bob):
    _, other, _ = conversation
    devices = [device.device_id for device in bob.devices]
    await sync_to_async(tell)(signals.account_deleted, account=bob.account_id, devices=devices)
    assert await other.close_code() == (4403, "device_revoked")
    assert await live_kinds(bob) == []
    assert not await Membership.objects.filter(account=bob.account_id).aexists()


async def test_who_shares_a_conversation_may_claim(conversation, alice, bob):
    carol = await sync_to_async(make_account)()

    def allowed(requester, target) -> bool:
        answers = signals.claim_requested.send(sender=None, requester=requester.account_id, target=target.account_id)
        return any(answer is True for _, answer in answers)

    assert await sync_to_async(allowed)(alice, bob)
    assert await sync_to_async(allowed)(bob, alice)
    assert not await sync_to_async(allowed)(carol, bob)


async def test_ending_what_has_ended_keeps_its_last(conversation, bob):
    one, other, mailbox = conversation
    await other.ask("subscription.end", mailbox=mailbox)
    await one.envelope(mailbox, slot=1)
    await sync_to_async(end_subscriptions.end_devices)([bob.device.device_id])
    assert (await Subscription.objects.aget(device=bob.device.device_id, mailbox_id=mailbox)).last == 1
