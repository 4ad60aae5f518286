"""Every shape of REDIS_URL, against real servers: both the channel layer and the rate limits use it."""

import asyncio
import os
import time
from urllib.parse import quote

import pytest
from channels_redis.pubsub import RedisPubSubChannelLayer
from limits import parse
from limits.storage import storage_from_string
from limits.strategies import SlidingWindowCounterRateLimiter
from redis.exceptions import RedisError

from cluster import wait
from cluster.ports import free_port
from talk2me.redis import parse_redis_url
from tests.consumers.socket_client import open_conversation
from tests.workers.group import Group
from tests.workers.people import sign_up
from tests.workers.reading import Reader, send, until_heard
from tests.workers.redis_servers import PASSWORD, Server, certificate, sentinel


async def assert_both_work(url):
    """A wake-up comes through the layer, and of three that may pass the fourth may not."""
    layer = RedisPubSubChannelLayer(hosts=parse_redis_url(url).layer_hosts())
    try:
        channel = await layer.new_channel()
        await layer.group_add("group", channel)
        await layer.group_send("group", {"type": "hello"})
        async with asyncio.timeout(30):
            assert await layer.receive(channel) == {"type": "hello"}
    finally:
        await layer.flush()
    assert_limits(url)


def assert_limits(url):
    address, options = parse_redis_url(url).limits_storage()
    limiter = SlidingWindowCounterRateLimiter(storage_from_string(address, **options))
    name = os.urandom(8).hex()
    assert [limiter.hit(parse("3/hour"), name) for _ in range(4)] == [True, True, True, False]


@pytest.fixture
def run():
    """Starts servers, and stops them in the end."""
    servers = []

    def start(server, **options):
        servers.append(server)
        return server.start_and_wait(**options)

    yield start
    for server in servers:
        server.stop()


async def test_one_server_with_a_password(run, tmp_path):
    server = run(Server(tmp_path / "server", requirepass=f'"{PASSWORD}"'), password=PASSWORD)
    await assert_both_work(f"redis://:{quote(PASSWORD)}@127.0.0.1:{server.port}/3")
    await assert_both_work(f"valkey://:{quote(PASSWORD)}@127.0.0.1:{server.port}")


async def test_a_unix_socket(run, tmp_path):
    run(Server(tmp_path / "server", unixsocket=tmp_path / "socket"))
    await assert_both_work(f"unix://{tmp_path / 'socket'}")


async def test_tls(run, tmp_path):
    public, key = certificate(tmp_path)
    files = {"tls_cert_file": public, "tls_key_file": key, "tls_ca_cert_file": public, "tls_auth_clients": "no"}
    port = Server(tmp_path / "unused").port
    server = Server(tmp_path / "server", tls_port=port, **files)
    try:
        run(server)
    except wait.NotReady:
        pytest.skip("this Redis or Valkey was built without TLS")
    await assert_both_work(f"rediss://127.0.0.1:{port}/0?ssl_ca_certs={public}")
    with pytest.raises((RedisError, OSError)):
        # A certificate that nobody vouches for.
        await assert_both_work(f"rediss://127.0.0.1:{port}/0")


async def test_a_cluster(run, tmp_path):
    # Its own choice would be 10,000 above the other port, which may be more than there are.
    server = run(Server(tmp_path / "server", cluster_enabled="yes", cluster_port=free_port()))
    server.client().execute_command("CLUSTER", "ADDSLOTSRANGE", 0, 16383)
    wait.until(lambda: server.client().cluster("info")["cluster_state"] == "ok", "no cluster", 30)
    await assert_both_work(f"redis+cluster://127.0.0.1:{server.port}")


async def test_sentinels_name_another_server_when_the_first_dies(run, tmp_path, connect, own_database_url):
    secret = {"requirepass": f'"{PASSWORD}"', "masterauth": f'"{PASSWORD}"'}
    master = run(Server(tmp_path / "master", **secret), password=PASSWORD)
    replica = Server(tmp_path / "replica", replicaof=f"127.0.0.1 {master.port}", **secret)
    run(replica, password=PASSWORD)
    wait.until(lambda: replica.client(password=PASSWORD).info()["master_link_status"] == "up", "no replica", 30)
    watch = run(sentinel(tmp_path / "sentinel", master), password="of sentinels")
    wait.until(lambda: len(watch.client(password="of sentinels").sentinel_slaves("main")) == 1, "no failover", 30)
    url = f"redis+sentinel://:{quote(PASSWORD)}@127.0.0.1:{watch.port}/main?sentinel_password=of%20sentinels"
    await assert_both_work(url)
    (tmp_path / "data").mkdir()
    group = Group(tmp_path / "data", 2, DATABASE_URL=own_database_url, REDIS_URL=url)
    try:
        group.start()
        alice, bob = [await sign_up(worker) for worker in group.workers]
        one, other = await connect(group.workers[0], alice.device), await connect(group.workers[1], bob.device)
        mailbox = await open_conversation(one, [alice.device, bob.device])
        conversation = one, Reader(other, mailbox), Reader(one, mailbox), mailbox
        await until_heard(conversation)
        master.kill()
        bodies = await send(one, mailbox, 20)
        # No check is due: it is the layer's return that tells.
        assert await conversation[2].read(20) == bodies
        assert await conversation[1].read(20) == bodies
        await until_heard(conversation)
    finally:
        group.stop()
    deadline = time.monotonic() + 30
    while True:
        try:
            assert_limits(url)
        except RedisError:
            assert time.monotonic() < deadline
        else:
            break
