"""Signals: to the sockets that are there now, and nowhere else."""

from types import SimpleNamespace

from asgiref.sync import sync_to_async
from django.apps import apps

from messaging.registry import Registry, Told
from messaging.send_window import WINDOW_BYTES, SendWindow
from messaging.session import Session
from tests.consumers.socket_client import open_conversation
from tests.factories import add_device


def stored_values() -> set[object]:
    """Every value of every row of every table of ours."""
    models = [*apps.get_app_config("messaging").get_models(), *apps.get_app_config("keys").get_models()]
    return {str(value) for model in models for row in model.objects.values_list() for value in row}


async def test_a_signal_reaches_the_others_and_not_its_sender(connect, alice, bob):
    second = await sync_to_async(add_device)(alice)
    one, own, other = await connect(alice.device), await connect(second), await connect(bob.device)
    mailbox = await open_conversation(one, [alice.device, second, bob.device])
    assert (await one.ask("signal.send", mailbox=mailbox, body=b"typing"))["type"] == "ok"
    for client in (own, other):
        assert await client.push("signal") == {"type": "signal", "mailbox": mailbox, "body": b"typing"}
    one.pushed.clear()
    assert await one.nothing_pushed()


async def test_a_signal_is_never_stored(connect, alice, bob):
    one, other = await connect(alice.device), await connect(bob.device)
    mailbox = await open_conversation(one, [alice.device, bob.device])
    await one.ask("signal.send", mailbox=mailbox, body=b"an unusual signal body")
    await other.push("signal")
    await one.envelope(mailbox, b"an unusual envelope body", slot=1)
    stored = await sync_to_async(stored_values)()
    assert str(b"an unusual envelope body") in stored
    assert str(b"an unusual signal body") not in stored
    assert [row["sequence"] for row in await other.drain(mailbox)] == [2]


async def test_who_is_away_never_gets_it(connect, alice, bob):
    one = await connect(alice.device)
    mailbox = await open_conversation(one, [alice.device, bob.device])
    await one.ask("signal.send", mailbox=mailbox, body=b"typing")
    other = await connect(bob.device)
    assert await other.nothing_pushed()


async def test_a_signal_has_at_most_512_bytes(connect, alice):
    one = await connect(alice.device)
    mailbox = await open_conversation(one, [alice.device])
    assert (await one.ask("signal.send", mailbox=mailbox, body=bytes(513)))["code"] == "too_large"
    assert (await one.ask("signal.send", mailbox=mailbox, body=bytes(512)))["type"] == "ok"


async def test_who_does_not_read_is_sent_no_signals_without_end():
    registry, reader = Registry(), Session(SendWindow(SimpleNamespace(full=True)))
    registry.subscribe(reader, bytes(16), Told(0, 0))
    for _ in range(5000):
        registry.signal(bytes(16), bytes(512), b"sender")
    assert reader.window._pending_bytes < 2 * WINDOW_BYTES  # noqa: SLF001 - the memory it takes
