"""A worker that ends: everybody is told, everything that was sent is answered, and nothing more is taken."""

import asyncio

import pytest

from messaging.farewell import say_farewell
from messaging.worker import this_worker
from tests.consumers.socket_client import Client, envelope, open_conversation


@pytest.fixture
async def held_store(monkeypatch):
    """While it is not set, transactions don't end."""
    gate = asyncio.Event()
    store = this_worker().store
    write = store.write

    async def write_when_open(items):
        await gate.wait()
        return await write(items)

    monkeypatch.setattr(store, "write", write_when_open)
    return gate


async def test_everybody_is_told_to_come_back(connect, alice, bob):
    one, other, stranger = await connect(alice.device), await connect(bob.device), await Client().open()
    async with asyncio.TaskGroup() as group:
        group.create_task(say_farewell(this_worker()))
        for client in (one, other, stranger):
            group.create_task(told_to_come_back(client))
    assert not this_worker().sockets.present()


async def told_to_come_back(client: Client) -> None:
    assert await client.close_code() == (4503, "going_away")
    await client.wire.disconnect()


async def test_what_was_sent_before_is_answered_before_the_socket_closes(connect, alice, held_store):
    held_store.set()
    client = await connect(alice.device)
    mailbox = await open_conversation(client, [alice.device])
    held_store.clear()
    await client.send(*({"type": "envelope.send", "ref": ref, **envelope(mailbox, slot=1)} for ref in range(3)))
    await client.wire.receive_nothing()
    leaving = asyncio.ensure_future(say_farewell(this_worker()))
    await client.send({"type": "envelope.send", "ref": 9, **envelope(mailbox, slot=1)})
    assert await client.wire.receive_nothing()
    held_store.set()
    types = []
    while "session.ended" not in types:
        types.append((await client.next_frame())["type"])
    # The last came after the farewell had begun: not taken, and not answered.
    assert [type_ for type_ in types if type_ != "envelope.new"] == ["envelope.accepted"] * 3 + ["session.ended"]
    assert (await client.close_code())[0] == 4503
    await client.wire.disconnect()
    await leaving
    this_worker().sockets.closing = False
    again = await connect(alice.device)
    assert len(await again.drain(mailbox)) == 4


async def test_who_comes_while_the_worker_leaves_is_sent_on(alice):
    await say_farewell(this_worker())
    assert await (await Client().open()).close_code() == (4503, "going_away")


async def test_it_does_not_wait_without_end_for_answers(connect, alice, held_store, monkeypatch):
    monkeypatch.setattr("messaging.farewell.PATIENCE_SECONDS", 0.1)
    held_store.set()
    client = await connect(alice.device)
    mailbox = await open_conversation(client, [alice.device])
    held_store.clear()
    await client.send({"type": "envelope.send", "ref": 1, **envelope(mailbox, slot=1)})
    async with asyncio.timeout(5):
        await say_farewell(this_worker())
    held_store.set()
