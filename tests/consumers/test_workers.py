"""Several workers: what one accepts reaches the sockets of another, also when the channel layer loses something."""

import asyncio
import os
from types import SimpleNamespace

import pytest
from asgiref.sync import sync_to_async
from channels.layers import get_channel_layer

from messaging import wakeup_format
from messaging.layer import EVERYBODY
from messaging.wakeup_format import News, Opened
from messaging.worker import Worker, this_worker
from talk2me import metrics
from tests.consumers.socket_client import commit, open_conversation
from tests.factories import add_device, make_account, remove_device


@pytest.fixture
async def far():
    """A second worker, as if in another process: they share nothing but database and channel layer."""
    worker = Worker()
    await worker.start()
    await this_worker().start()
    yield worker
    await worker.stop()


@pytest.fixture
async def conversation(connect, far, alice, bob):
    """Alice's socket on this worker, Bob's on the other."""
    one, other = await connect(alice.device), await connect(bob.device, worker=far)
    return one, other, await open_conversation(one, [alice.device, bob.device])


@pytest.fixture
def layer(monkeypatch):
    """The channel layer: it loses what is in `.loses`, types of wake-ups or all; if `.broken` it raises."""
    state = SimpleNamespace(loses=(), broken=False, lost=asyncio.Event())
    layer = get_channel_layer()
    group_send = layer.group_send

    async def send_or_lose(group, message):
        if state.broken:
            raise ConnectionError
        wakeups = wakeup_format.decode(message["body"]).wakeups
        if state.loses is not all and not any(isinstance(wakeup, state.loses) for wakeup in wakeups):
            await group_send(group, message)
        else:
            state.lost.set()

    monkeypatch.setattr(layer, "group_send", send_or_lose)
    return state


@pytest.fixture
def seldom(settings):
    """Whoever is told something here was not told by the periodic check."""
    settings.WAKEUP_CHECK_SECONDS = 3600


@pytest.fixture
def often(settings):
    """The periodic check comes soon."""
    settings.WAKEUP_CHECK_SECONDS = 0.1


@pytest.fixture
def people(alice, bob):
    return [alice.device, bob.device]


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


async def test_an_envelope_whose_wake_up_was_lost_is_drained_when_the_next_one_comes(conversation, layer, seldom):
    one, other, mailbox = conversation
    layer.loses = News
    await one.envelope(mailbox, b"lost", slot=1)
    await layer.lost.wait()
    layer.loses = ()
    await one.envelope(mailbox, b"found", slot=1)
    news = await other.push("envelope.new")
    assert news["envelopes"][0]["sequence"] == 3
    assert [row["body"] for row in await other.drain(mailbox)] == [b"lost", b"found"]


async def test_an_envelope_whose_wake_up_was_lost_is_told_when_its_worker_is_heard_again(conversation, layer, seldom):
    one, other, mailbox = conversation
    layer.loses = News
    await one.envelope(mailbox, b"lost", slot=1)
    news = await other.push("envelope.new")
    assert (news["head"], news["slot"], news["envelopes"]) == (2, 1, [])


async def test_an_envelope_is_told_without_any_wake_up(conversation, layer, often):
    one, other, mailbox = conversation
    layer.loses = all
    await one.envelope(mailbox, b"lost", slot=1)
    assert await reaches(other, lambda news: news["head"] == 2)


async def test_a_device_added_without_any_wake_up_learns_of_its_conversation(conversation, layer, often, people):
    one, other, _ = conversation
    mailbox = await open_conversation(one, people[:1])
    layer.loses = all
    await one.ask("commit.send", **commit(mailbox, 1, people))
    assert await reaches(other, lambda news: news["mailbox"] == mailbox and news["head"] == 2)
    layer.loses = ()
    await one.envelope(mailbox, b"after", slot=2)
    assert await reaches(other, lambda news: news["mailbox"] == mailbox and news["head"] == 3)


async def test_a_device_dropped_without_any_wake_up_is_told_where_it_ended(conversation, layer, often, alice):
    one, other, mailbox = conversation
    layer.loses = all
    await one.ask("commit.send", **commit(mailbox, 1, [alice.device]))
    assert (await other.push("subscription.ended"))["last"] == 2


async def test_a_device_removed_without_any_wake_up_loses_its_socket(connect, far, layer, often, alice):
    device = await sync_to_async(add_device)(alice)
    client = await connect(device, worker=far)
    layer.loses = all
    await sync_to_async(remove_device)(alice, device)
    assert await client.close_code() == (4403, "device_revoked")


async def test_a_device_dropped_by_a_commit_whose_wake_up_was_lost_is_told_when_the_next_one_comes(
    conversation, layer, seldom, alice
):
    one, other, mailbox = conversation
    await one.envelope(mailbox, b"before", slot=1)
    await other.push("envelope.new")
    layer.loses = News
    await one.ask("commit.send", **commit(mailbox, 1, [alice.device]))
    await layer.lost.wait()
    layer.loses = ()
    await one.envelope(mailbox, b"noticed", slot=2)
    assert (await other.push("subscription.ended"))["last"] == 3
    await one.envelope(mailbox, b"not for bob", slot=2)
    assert await other.nothing_pushed()


async def test_two_sockets_of_a_device_whose_workers_did_not_hear_of_each_other_become_one(
    connect, far, layer, seldom, alice
):
    older = await connect(alice.device, worker=far)
    layer.loses = Opened
    newer = await connect(alice.device)
    await layer.lost.wait()
    layer.loses = ()
    # Its worker may be the one whose clock is wrong: a browser that is still there comes back, and then wins.
    assert await older.close_code() == (4503, "going_away")
    assert (await newer.ask("ping"))["type"] == "pong"


async def test_without_a_channel_layer_this_worker_goes_on(conversation, layer, connect, bob):
    one, _, mailbox = conversation
    near = await connect(bob.device)
    layer.broken = True
    await one.envelope(mailbox, b"near", slot=1)
    assert (await near.push("envelope.new"))["envelopes"][0]["body"] == b"near"


async def test_when_the_channel_layer_is_back_everything_is_told_at_once(conversation, layer, seldom, caplog):
    one, other, mailbox = conversation
    layer.broken = True
    for _ in range(20):
        await one.envelope(mailbox, b"lost", slot=1)
    layer.broken = False
    assert await reaches(other, lambda news: news["head"] == 21)
    await one.envelope(mailbox, b"heard", slot=1)
    assert await reaches(other, lambda news: news["head"] == 22)
    lines = [record.getMessage() for record in caplog.records if record.name == "talk2me.parts"]
    # Both workers of this process say it once.
    assert lines in (["lost"], ["lost", "back"])


async def test_nothing_is_encoded_for_a_worker_that_is_alone(connect, layer, alice):
    client = await connect(alice.device)
    mailbox = await open_conversation(client, [alice.device])
    layer.loses = ()
    sent = metrics.registry.get_sample_value("talk2me_wakeups_sent_total")
    await client.envelope(mailbox, b"mine", slot=1)
    await client.ask("ping")
    assert metrics.registry.get_sample_value("talk2me_wakeups_sent_total") == sent


async def reaches(client, condition):
    """Return True as soon as something pushed is such that the condition holds."""
    while not condition(await client.push("envelope.new")):
        pass
    return True


async def test_garbage_in_the_channel_layer_is_survived(conversation):
    one, other, mailbox = conversation
    await get_channel_layer().group_send(EVERYBODY, {"type": "wakeup", "origin": b"x", "body": b"\xc1"})
    await get_channel_layer().group_send(EVERYBODY, {"type": "other"})
    await one.envelope(mailbox, b"far", slot=1)
    assert await reaches(other, lambda news: news["head"] == 2)


async def test_a_worker_hears_itself_no_second_time(connect, alice):
    client = await connect(alice.device)
    mailbox = await open_conversation(client, [alice.device])
    await client.envelope(mailbox, os.urandom(10), slot=1)
    await client.ask("ping")
    await client.ask("ping")
    assert [frame["head"] for frame in client.pushed if frame["type"] == "envelope.new"] == [1, 2]


async def test_a_slot_that_no_told_commit_explains_is_noticed(conversation, far):
    _, _, mailbox = conversation
    assert far.registry.note(News(mailbox, 2, 2, 1, 1, b""))
    assert not far.registry.note(News(mailbox, 4, 3, 0, 1, b""))


async def test_a_worker_that_ends_has_told_everything(connect, far, seldom, alice, bob):
    one, other = await connect(alice.device, worker=far), await connect(bob.device)
    mailbox = await open_conversation(one, [alice.device, bob.device])
    for _ in range(5):
        await one.envelope(mailbox, b"last words", slot=1)
    await far.stop()
    got = []
    while len(got) < 5:
        news = await other.push("envelope.new")
        got += [row["sequence"] for row in news["envelopes"]]
    assert got == [2, 3, 4, 5, 6]
