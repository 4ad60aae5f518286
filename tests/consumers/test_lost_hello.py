"""A socket that is gone before its `hello` is answered, or whose `hello` comes to nothing."""

import asyncio
import threading

import msgspec
from asgiref.sync import sync_to_async

from messaging import consumers, sign_in, worker
from messaging.frames import Hello
from messaging.send_window import SendWindow
from messaging.session import Session
from messaging.threads import READERS, run_read
from messaging.worker import this_worker
from talk2me.errors import StorageFailed
from talk2me.socket_wire import SCOPE_KEY
from tests.consumers.socket_client import Client
from tests.factories import make_token
from tests.unit.messaging.test_send_window import FakeWire


async def test_a_socket_that_is_gone_replaces_nobody(connect, alice, monkeypatch):
    asked, answered = asyncio.Event(), asyncio.Event()

    async def slowly(work, *arguments):
        asked.set()
        await answered.wait()
        return await run_read(work, *arguments)

    monkeypatch.setattr(sign_in, "run_read", slowly)
    gone = Session(SendWindow(FakeWire()))
    late = sign_in.SignIn(gone, this_worker())
    hello = asyncio.ensure_future(
        late.hello(Hello(ref=1, version=1, token=await sync_to_async(make_token)(alice.device)))
    )
    await asked.wait()
    # What its consumer does when the connection is lost.
    gone.ended = True
    late.stop()
    monkeypatch.setattr(sign_in, "run_read", run_read)
    newer = await connect(alice.device)
    answered.set()
    await hello
    assert (await newer.ask("ping"))["type"] == "pong"
    assert this_worker().registry.by_device[alice.device.device_id] is not gone
    # Nothing watches its token either.
    assert late._timer is None  # noqa: SLF001


async def test_a_socket_that_is_gone_is_not_kept_while_the_database_hangs(alice):
    events, wire, hanging = asyncio.Queue(), FakeWire(), threading.Event()

    async def send(_event) -> None:
        opened.set()

    opened = asyncio.Event()
    scope = {"type": "websocket", "headers": [], SCOPE_KEY: wire}
    token = await sync_to_async(make_token)(alice.device)
    socket = asyncio.ensure_future(consumers.MailboxConsumer()(scope, events.get, send))
    events.put_nowait({"type": "websocket.connect"})
    await opened.wait()
    # What answers a hello is busy.
    reads = [asyncio.ensure_future(run_read(hanging.wait)) for _ in range(READERS)]
    try:
        while wire.on_message is None:  # noqa: ASYNC110 - it is set in the same turn, or the next
            await asyncio.sleep(0)
        wire.on_message(msgspec.msgpack.encode([{"type": "hello", "ref": 1, "version": 1, "token": token}]))
        await asyncio.sleep(0)
        events.put_nowait({"type": "websocket.disconnect"})
        await asyncio.wait_for(socket, 20)
    finally:
        hanging.set()
        await asyncio.gather(*reads)
        await this_worker().stop()


async def test_one_whose_conversations_cannot_be_read_is_told_to_come_back(alice, monkeypatch):
    async def fail(*_arguments):
        raise StorageFailed

    monkeypatch.setattr(worker, "run_read", fail)
    client = await Client().open()
    await client.send({"type": "hello", "ref": 1, "version": 1, "token": await sync_to_async(make_token)(alice.device)})
    assert await client.close_code() == (4503, "going_away")
    await client.close()
    await this_worker().stop()
