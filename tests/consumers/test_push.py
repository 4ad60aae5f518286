"""Who is told by push that something waits: devices that don't fetch it, once, until they have been here again."""

import pytest
from asgiref.sync import sync_to_async

from messaging.models import PushSubscription
from messaging.services.push_subscriptions import AGAIN_SECONDS, subscribe_push
from messaging.worker import this_worker
from tests.consumers.socket_client import commit, open_conversation
from tests.factories import add_device, remove_device
from tests.push_service import push_service


@pytest.fixture
def service(settings):
    with push_service() as running:
        settings.PUSH_KEY = "tests only, tests only, tests only, 4"
        settings.PUSH_AFTER_SECONDS = 0
        settings.PUSH_TEST_ENDPOINTS = [running.origin]
        yield running


@pytest.fixture
async def conversation(service, connect, alice, bob):
    """Alice's socket, and the mailbox of a conversation with Bob, who has none; both are told by push."""
    for name, account in (("alice", alice), ("bob", bob)):
        await sync_to_async(subscribe_push)(account.device.device_id, f"{service.origin}/{name}")
    sender = await connect(alice.device)
    return sender, await open_conversation(sender, [alice.device, bob.device])


async def turn():
    """What the queue does once a second."""
    queue = this_worker().push
    await queue.turn()
    for sending in list(queue._sending):  # noqa: SLF001 - to its end
        await sending


async def test_who_is_away_is_told_and_the_sender_is_not(conversation, service):
    sender, mailbox = conversation
    await sender.envelope(mailbox, slot=1)
    await turn()
    assert service.paths == ["/bob"]


async def test_a_commit_alone_wakes_nobody(conversation, service, alice, bob):
    sender, mailbox = conversation
    accepted = await sender.ask("commit.send", **commit(mailbox, 1, [alice.device, bob.device]))
    assert accepted["type"] == "envelope.accepted"
    await turn()
    assert service.told == []


async def test_who_was_told_is_told_again_only_after_being_here(conversation, service, connect, bob):
    sender, mailbox = conversation
    for _ in range(2):
        await sender.envelope(mailbox, slot=1)
        await turn()
    assert service.paths == ["/bob"]
    reader = await connect(bob.device)
    await reader.close()
    await sender.envelope(mailbox, slot=1)
    await turn()
    assert service.paths == ["/bob", "/bob"]


async def test_or_a_while_later(conversation, service, bob):
    sender, mailbox = conversation
    await sender.envelope(mailbox, slot=1)
    await turn()
    row = PushSubscription.objects.filter(device=bob.device.device_id)
    told = (await row.aget()).pushed
    assert told % 60 == 0
    await row.aupdate(pushed=told - AGAIN_SECONDS)
    await sender.envelope(mailbox, slot=1)
    await turn()
    assert service.paths == ["/bob", "/bob"]


async def test_who_fetches_and_acknowledges_is_not_told(conversation, service, connect, bob):
    sender, mailbox = conversation
    reader = await connect(bob.device)
    accepted = await sender.envelope(mailbox, slot=1)
    await reader.ask("envelope.acknowledge", mailbox=mailbox, sequence=accepted["sequence"])
    await this_worker().acknowledgements.flush()
    await turn()
    assert service.told == []


async def test_a_socket_that_leads_to_a_page_that_sleeps_does_not_count(conversation, service, connect, bob):
    sender, mailbox = conversation
    await connect(bob.device)
    await sender.envelope(mailbox, slot=1)
    await turn()
    assert service.paths == ["/bob"]


async def test_it_waits_for_a_device_to_fetch_by_itself(conversation, service, settings):
    settings.PUSH_AFTER_SECONDS = 3600
    sender, mailbox = conversation
    await sender.envelope(mailbox, slot=1)
    await turn()
    assert service.told == []


async def test_the_own_other_devices_of_who_wrote_are_not_told_but_of_who_answered(
    conversation, service, connect, alice, bob
):
    sender, mailbox = conversation
    phone = await sync_to_async(add_device)(alice)
    await sync_to_async(subscribe_push)(phone.device_id, f"{service.origin}/phone")
    await sender.ask("commit.send", **commit(mailbox, 1, [alice.device, phone, bob.device]))
    await sender.envelope(mailbox, slot=2)
    await turn()
    assert service.paths == ["/bob"]
    reader = await connect(bob.device)
    await reader.envelope(mailbox, slot=2)
    await sender.envelope(mailbox, slot=2)
    await turn()
    assert "/phone" in service.paths


async def test_who_has_left_or_was_removed_is_not_told(conversation, service, alice, bob):
    sender, mailbox = conversation
    second = await sync_to_async(add_device)(bob)
    await sync_to_async(subscribe_push)(second.device_id, f"{service.origin}/second")
    await sender.ask("commit.send", **commit(mailbox, 1, [alice.device, bob.device, second]))
    await sync_to_async(remove_device)(bob, second)
    await sender.ask("commit.send", **commit(mailbox, 2, [alice.device]))
    await sender.envelope(mailbox, slot=3)
    await turn()
    assert service.told == []


@pytest.mark.parametrize(("status", "left"), [(410, 1), (404, 1), (500, 2), (429, 2)])
async def test_an_address_that_is_gone_is_forgotten_one_that_fails_is_not(conversation, service, status, left):
    sender, mailbox = conversation
    service.status = status
    await sender.envelope(mailbox, slot=1)
    await turn()
    assert service.paths == ["/bob"]
    assert await PushSubscription.objects.acount() == left


async def test_of_two_workers_that_both_noticed_one_tells(conversation, service):
    sender, mailbox = conversation
    await sender.envelope(mailbox, slot=1)
    queue = this_worker().push
    noted = dict(queue._noted)  # noqa: SLF001 - what another worker has noted too
    await turn()
    queue._noted.update(noted)  # noqa: SLF001
    await turn()
    assert service.paths == ["/bob"]


async def test_nothing_of_an_address_is_logged(conversation, service, caplog):
    caplog.set_level("DEBUG")
    sender, mailbox = conversation
    service.status = 500
    await sender.envelope(mailbox, slot=1)
    await turn()
    assert service.paths == ["/bob"]
    assert "/bob" not in caplog.text
    assert service.origin not in caplog.text


async def test_without_a_key_nothing_is_noted(service, settings, connect, alice, bob):
    settings.PUSH_KEY = ""
    await sync_to_async(subscribe_push)(bob.device.device_id, f"{service.origin}/bob")
    sender = await connect(alice.device)
    mailbox = await open_conversation(sender, [alice.device, bob.device])
    await sender.envelope(mailbox, slot=1)
    await turn()
    assert service.told == []
