"""Redis or Valkey killed, paused, restarted, its connections cut: what was accepted arrives, later at worst."""

import asyncio

import pytest
import redis

from cluster.valkey import Valkey
from tests.consumers.socket_client import open_conversation
from tests.workers.group import Group
from tests.workers.people import sign_up
from tests.workers.reading import Reader, send, until_heard


@pytest.fixture(scope="module")
def own_valkey(tmp_path_factory):
    """One that tests may kill."""
    server = Valkey(tmp_path_factory.mktemp("valkey"))
    try:
        server.start()
        yield server
    finally:
        server.resume()
        server.stop()


@pytest.fixture(scope="module")
def group(tmp_path_factory, own_database_url, own_valkey):
    env = {"DATABASE_URL": own_database_url, "REDIS_URL": own_valkey.url, "WAKEUP_CHECK_SECONDS": "2"}
    group = Group(tmp_path_factory.mktemp("workers"), 2, **env)
    try:
        yield group.start()
    finally:
        group.stop()


@pytest.fixture
async def conversation(group, connect):
    """A sender on one worker, a reader on the other, and one who reads beside the sender."""
    alice, bob, carol = [await sign_up(worker) for worker in (*group.workers, group.workers[0])]
    one, other = await connect(group.workers[0], alice.device), await connect(group.workers[1], bob.device)
    near = await connect(group.workers[0], carol.device)
    mailbox = await open_conversation(one, [alice.device, bob.device, carol.device])
    conversation = one, Reader(other, mailbox), Reader(near, mailbox), mailbox
    await until_heard(conversation)
    return conversation


async def test_killing_redis_delays_and_loses_nothing(group, own_valkey, conversation):
    one, far, near, mailbox = conversation
    before = [group.lines("lost part=channel_layer"), group.lines("back part=channel_layer")]
    own_valkey.kill()
    bodies = await send(one, mailbox, 100)
    assert await near.read(100) == bodies
    assert await far.read(100) == bodies
    own_valkey.start()
    await until_heard(conversation)
    # One line each for each of the two workers, whatever failed in between.
    assert [group.lines("lost part=channel_layer"), group.lines("back part=channel_layer")] == [
        count + 2 for count in before
    ]
    assert group.lines("Traceback") == 0


async def test_a_paused_redis_holds_up_nobody(own_valkey, conversation):
    one, far, near, mailbox = conversation
    own_valkey.pause()
    try:
        bodies = await send(one, mailbox, 100)
        assert await near.read(100) == bodies
        assert await far.read(100) == bodies
    finally:
        own_valkey.resume()
    await until_heard(conversation)


async def test_what_was_sent_while_connections_were_cut_arrives(own_valkey, conversation):
    one, far, near, mailbox = conversation
    with redis.Redis.from_url(own_valkey.url) as client:
        for number in range(5):
            client.client_kill_filter(_type="pubsub" if number % 2 else "normal", skipme=True)
            bodies = await send(one, mailbox, 20)
            assert await asyncio.gather(far.read(20), near.read(20)) == [bodies, bodies]


async def test_a_worker_that_was_paused_learns_all_it_missed(group, conversation):
    one, far, near, mailbox = conversation
    group.workers[1].pause()
    try:
        bodies = await send(one, mailbox, 50)
        assert await near.read(50) == bodies
    finally:
        group.workers[1].resume()
    assert await far.read(50) == bodies
    await until_heard(conversation)


async def test_workers_that_start_without_redis_work_and_find_it_later(group, own_valkey, connect):
    own_valkey.kill()
    for worker in group.workers:
        worker.stop()
        worker.start()
    alice, bob = [await sign_up(worker) for worker in group.workers]
    one, other = await connect(group.workers[0], alice.device), await connect(group.workers[1], bob.device)
    mailbox = await open_conversation(one, [alice.device, bob.device])
    far = Reader(other, mailbox)
    bodies = await send(one, mailbox, 10)
    assert await far.read(10) == bodies
    own_valkey.start()
    near = Reader(one, mailbox)
    await near.read(10)
    await until_heard((one, far, near, mailbox))
