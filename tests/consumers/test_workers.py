"""Several workers: what one accepts reaches the sockets of another, also when the channel layer loses something."""

import os
from types import SimpleNamespace

import pytest
from asgiref.sync import sync_to_async
from channels.layers import get_channel_layer

from messaging import wakeups
from messaging.worker import Worker
from tests.consumers.socket_client import commit, open_conversation
from tests.factories import add_device, make_account, remove_device


@pytest.fixture
async def far():
    """A second worker, as if in another process: they share nothing but database and channel layer."""
    worker = Worker()
    yield worker
    await worker.stop()


@pytest.fixture
async def conversation(connect, far, alice, bob):
    """Alice's socket on this worker, Bob's on the other."""
    one, other = await connect(alice.device), await connect(bob.device, worker=far)
    return one, other, await open_conversation(one, [alice.device, bob.device])


@pytest.fixture
def lossy(monkeypatch):
    """Set `.lost` to a type of wake-up, and the channel layer loses those."""
    state = SimpleNamespace(lost=None)
    encode = wakeups.encode_wakeup

    def encode_or_lose(wakeup):
        if state.lost is not None and isinstance(wakeup, state.lost):
            raise ConnectionError
        return encode(wakeup)

    monkeypatch.setattr(wakeups, "encode_wakeup", encode_or_lose)
    return state


async def test_an_envelope_reaches_a_socket_on_another_worker(conversation):
    one, other, mailbox = conversation
    await one.envelope(mailbox, b"far", slot=1)
    assert (await other.push("envelope.new"))["envelopes"][0]["body"] == b"far"


async def test_large_envelopes_do_not_ride_along(conversation):
    one, other, mailbox = conversation
    await one.envelope(mailbox, bytes(100_000), slot=1)
    news = await other.push("envelope.new")
    assert (news["head"], news["envelopes"]) == (2, [])
    assert len((await other.drain(mailbox, after=1))[0]["body"]) == 100_000


async def test_a_signal_reaches_a_socket_on_another_worker(conversation):
    one, other, mailbox = conversation
    await one.ask("signal.send", mailbox=mailbox, body=b"typing")
    assert (await other.push("signal"))["body"] == b"typing"


async def test_a_device_dropped_on_one_worker_is_dropped_on_the_other(conversation, alice):
    one, other, mailbox = conversation
    await one.ask("commit.send", **commit(mailbox, 1, [alice.device]))
    await one.envelope(mailbox, b"after", slot=2)
    assert (await other.push("envelope.new"))["envelopes"][0]["kind"] == "commit"
    assert (await other.push("subscription.ended"))["last"] == 2
    assert await other.nothing_pushed()


async def test_a_device_added_on_one_worker_is_reached_on_the_other(connect, far, conversation, alice, bob):
    one, _, mailbox = conversation
    carol = await sync_to_async(make_account)()
    new = await connect(carol.device, worker=far)
    await one.ask("commit.send", **commit(mailbox, 1, [alice.device, bob.device, carol.device]))
    await one.envelope(mailbox, b"after", slot=2)
    assert (await new.push("envelope.new"))["envelopes"][0]["body"] == b"after"


async def test_a_newer_socket_on_one_worker_closes_the_older_one_on_the_other(connect, far, alice):
    older = await connect(alice.device, worker=far)
    newer = await connect(alice.device)
    assert await older.close_code() == (4409, "replaced")
    assert (await newer.ask("ping"))["type"] == "pong"


async def test_a_removed_device_loses_its_socket_on_every_worker(connect, far, alice):
    device = await sync_to_async(add_device)(alice)
    client = await connect(device, worker=far)
    await sync_to_async(remove_device)(alice, device)
    assert await client.close_code() == (4403, "device_revoked")


async def test_an_envelope_whose_wake_up_was_lost_is_drained_when_the_next_one_comes(conversation, lossy):
    one, other, mailbox = conversation
    lossy.lost = wakeups.Told
    await one.envelope(mailbox, b"lost", slot=1)
    await one.ask("ping")
    lossy.lost = None
    await one.envelope(mailbox, b"found", slot=1)
    news = await other.push("envelope.new")
    assert news["envelopes"][0]["sequence"] == 3
    assert [row["body"] for row in await other.drain(mailbox)] == [b"lost", b"found"]


async def test_a_device_dropped_by_a_commit_whose_wake_up_was_lost_gets_no_second_envelope(conversation, lossy, alice):
    one, other, mailbox = conversation
    await one.envelope(mailbox, b"before", slot=1)
    assert (await other.push("envelope.new"))["head"] == 2
    lossy.lost = wakeups.Told
    await one.ask("commit.send", **commit(mailbox, 1, [alice.device]))
    await one.ask("ping")
    lossy.lost = None
    await one.envelope(mailbox, b"noticed", slot=2)
    await other.push("subscription.ended")
    await one.envelope(mailbox, b"not for bob", slot=2)
    assert await other.nothing_pushed()


async def test_without_a_channel_layer_this_worker_goes_on(conversation, lossy, connect, alice, bob):
    one, _, mailbox = conversation
    near = await connect(bob.device)
    lossy.lost = (wakeups.Told, wakeups.Opened)
    await one.envelope(mailbox, b"near", slot=1)
    assert (await near.push("envelope.new"))["envelopes"][0]["body"] == b"near"


async def test_garbage_in_the_channel_layer_is_survived(conversation, monkeypatch):
    monkeypatch.setattr(wakeups, "RETRY_SECONDS", 0.01)
    one, other, mailbox = conversation
    await get_channel_layer().group_send(wakeups.GROUP, {"type": "wakeup", "body": b"\xc1"})
    await one.envelope(mailbox, b"far", slot=1)
    assert (await other.push("envelope.new"))["envelopes"][0]["body"] == b"far"


async def test_a_worker_hears_itself_no_second_time(connect, alice):
    client = await connect(alice.device)
    mailbox = await open_conversation(client, [alice.device])
    await client.envelope(mailbox, os.urandom(10), slot=1)
    await client.ask("ping")
    await client.ask("ping")
    assert [frame["head"] for frame in client.pushed if frame["type"] == "envelope.new"] == [1, 2]
