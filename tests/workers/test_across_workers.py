"""Two workers, each a process, with PostgreSQL and Redis or Valkey: what happens on the one is felt on the other."""

import os

import pytest

from tests.consumers.socket_client import commit, open_archive, open_conversation
from tests.workers.group import Group
from tests.workers.people import add_device, remove_device, sign_up

SUSPEND = """
import sys, django
django.setup()
from keys.services import suspend_account
suspend_account(bytes.fromhex(sys.argv[1]))
"""


@pytest.fixture(scope="module")
def group(tmp_path_factory, own_database_url, valkey):
    group = Group(tmp_path_factory.mktemp("workers"), 2, DATABASE_URL=own_database_url, REDIS_URL=valkey.url)
    try:
        yield group.start()
    finally:
        group.stop()


@pytest.fixture
async def alice(group):
    return await sign_up(group.workers[0])


@pytest.fixture
async def bob(group):
    return await sign_up(group.workers[1])


@pytest.fixture
async def conversation(group, connect, alice, bob):
    """Alice's socket on one worker, Bob's on the other, and what they share."""
    one, other = await connect(group.workers[0], alice.device), await connect(group.workers[1], bob.device)
    mailbox = await open_conversation(one, [alice.device, bob.device])
    # Bob's worker has heard of the conversation; from now on it is reached.
    await one.envelope(mailbox, b"first", slot=1)
    assert (await other.push("envelope.new"))["head"] == 2
    return one, other, mailbox


async def test_a_message_crosses_with_its_bytes(conversation):
    one, other, mailbox = conversation
    for number in range(50):
        await one.envelope(mailbox, bytes([number]), slot=1)
    got = []
    while len(got) < 50:
        got += (await other.push("envelope.new"))["envelopes"]
    assert [row["body"][0] for row in got] == list(range(50))


async def test_a_large_message_crosses_as_a_hint(conversation):
    one, other, mailbox = conversation
    await one.envelope(mailbox, bytes(100_000), slot=1)
    news = await other.push("envelope.new")
    assert (news["head"], news["envelopes"]) == (3, [])
    assert len((await other.drain(mailbox, after=2))[0]["body"]) == 100_000


async def test_a_signal_crosses(conversation):
    one, other, mailbox = conversation
    await one.ask("signal.send", mailbox=mailbox, body=b"typing")
    assert (await other.push("signal"))["body"] == b"typing"


async def test_a_commit_ends_and_begins_what_sockets_elsewhere_get(group, connect, conversation, alice):
    one, other, mailbox = conversation
    carol = await sign_up(group.workers[1])
    new = await connect(group.workers[1], carol.device)
    await one.ask("commit.send", **commit(mailbox, 1, [alice.device, carol.device]))
    assert (await other.push("envelope.new"))["envelopes"][0]["kind"] == "commit"
    assert (await other.push("subscription.ended"))["last"] == 3
    await one.envelope(mailbox, b"after", slot=2)
    assert (await new.push("envelope.new"))["envelopes"][0]["body"] == b"after"
    assert await other.nothing_pushed()


async def test_both_may_commit_and_none_is_lost(conversation, alice, bob):
    one, other, mailbox = conversation
    devices = [alice.device, bob.device]
    first = await one.ask("commit.send", **commit(mailbox, 1, devices))
    second = await other.ask("commit.send", **commit(mailbox, 1, devices))
    assert first["type"] == "envelope.accepted"
    assert (second["code"], second["slot"]) == ("slot_conflict", 2)
    third = await other.ask("commit.send", **commit(mailbox, 2, devices))
    assert (third["sequence"], third["slot"]) == (4, 3)
    while (await one.push("envelope.new"))["head"] < 4:
        pass


async def test_a_newer_socket_elsewhere_closes_the_older_one(group, connect, alice):
    older = await connect(group.workers[1], alice.device)
    newer = await connect(group.workers[0], alice.device)
    assert await older.close_code() == (4409, "replaced")
    assert (await newer.ask("ping"))["type"] == "pong"


async def test_a_device_that_is_removed_loses_its_sockets_everywhere(group, connect):
    for through in group.workers:
        account = await sign_up(through)
        for worker in group.workers:
            client = await connect(worker, account.device)
        await remove_device(through, account, account.device)
        assert await client.close_code() == (4403, "device_revoked")


async def test_an_archive_begins_and_ends_for_sockets_elsewhere(group, connect, alice):
    second = await add_device(group.workers[1], alice)
    one, other = await connect(group.workers[0], alice.device), await connect(group.workers[1], second)
    archive = await open_archive(one)
    await one.envelope(archive, b"history", kind="archive")
    assert (await other.push("envelope.new"))["mailbox"] == archive
    assert (await one.ask("mailbox.erase", mailbox=archive))["type"] == "ok"
    assert (await other.push("subscription.ended"))["mailbox"] == archive
    assert (await other.envelope(archive, kind="archive"))["code"] == "mailbox_unknown"


async def test_an_account_suspended_by_a_command_loses_its_sockets(group, connect, alice):
    client = await connect(group.workers[1], alice.device)
    group.run("-c", SUSPEND, alice.account_id.hex())
    assert await client.close_code() == (4403, "device_revoked")


async def test_a_worker_that_starts_later_is_told_like_the_others(group, connect, conversation, alice, bob):
    one, _, mailbox = conversation
    group.workers[1].stop()
    group.workers[1].start()
    other = await connect(group.workers[1], bob.device)
    await one.envelope(mailbox, b"welcome back", slot=1)
    body = os.urandom(10)
    await one.envelope(mailbox, body, slot=1)
    while (news := await other.push("envelope.new"))["head"] < 4:
        pass
    assert not news["envelopes"] or news["envelopes"][-1]["body"] == body
