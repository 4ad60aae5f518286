"""Quotas: what a full mailbox and a full account may still do, and whose claim goes first."""

import asyncio
import time

import pytest
from asgiref.sync import sync_to_async

from messaging import account_quotas
from messaging.models import Envelope, Mailbox, Subscription
from messaging.selectors import stored_share
from messaging.services import make_room
from messaging.services.expire_envelopes import expire_step
from tests.consumers.socket_client import commit, open_conversation

KIB = 1024
SECONDS = 20


@pytest.fixture
async def pair(connect, alice, bob):
    """Two sockets in a conversation in slot 1."""
    sender, reader = await connect(alice.device), await connect(bob.device)
    mailbox = await open_conversation(sender, [alice.device, bob.device])
    return sender, reader, mailbox


@pytest.fixture
def small_mailboxes(settings, monkeypatch):
    """Of 100 KiB, in which whoever has not acknowledged the last minute idles."""
    settings.MAILBOX_QUOTA_BYTES = 100 * KIB
    monkeypatch.setattr(make_room, "IDLE_SECONDS", -120)


async def stored_bytes(mailbox: bytes) -> int:
    return await Mailbox.objects.values_list("bytes", flat=True).aget(id=mailbox)


async def claiming(mailbox: bytes) -> set[bytes]:
    rows = Subscription.objects.filter(mailbox_id=mailbox, last=None, claims=True).values_list("device", flat=True)
    return {device async for device in rows}


async def fill(sender, mailbox: bytes, count: int) -> int:
    """Send envelopes of 10 KiB, acknowledging each, which is stored; return the last sequence."""
    for _ in range(count):
        answer = await sender.envelope(mailbox, bytes(10 * KIB), slot=1)
        assert answer["type"] == "envelope.accepted", answer
        await sender.ask("envelope.acknowledge", mailbox=mailbox, sequence=answer["sequence"])
    await until_acknowledged(sender, mailbox, answer["sequence"])
    return answer["sequence"]


async def until_acknowledged(client, mailbox: bytes, sequence: int) -> None:
    async def stored() -> bool:
        cursors = Subscription.objects.filter(mailbox_id=mailbox, device=client.device)
        return (await cursors.aget()).acknowledged >= sequence

    await until(stored)


async def until(condition) -> None:
    """Wait for something that comes by itself."""
    end = time.monotonic() + SECONDS
    while not await condition():
        assert time.monotonic() < end, "it did not come"
        await asyncio.sleep(0.05)


async def test_a_full_conversation_lets_go_of_what_only_an_idle_device_lacks(pair, small_mailboxes):
    sender, reader, mailbox = pair
    last = await fill(sender, mailbox, 8)
    assert await claiming(mailbox) == {sender.device, reader.device}
    # Past seven eighths: the reader has acknowledged nothing.
    await sender.envelope(mailbox, bytes(10 * KIB), slot=1)

    async def has_room() -> bool:
        return await stored_bytes(mailbox) <= 10 * KIB

    await until(has_room)
    assert await claiming(mailbox) == {sender.device}
    # It finds a gap, sees it by the numbers, and goes on behind it.
    waiting = await reader.drain(mailbox)
    assert [envelope["sequence"] for envelope in waiting] == [last + 1]
    await reader.ask("envelope.acknowledge", mailbox=mailbox, sequence=last + 1)

    async def claims_again() -> bool:
        return reader.device in await claiming(mailbox)

    await until(claims_again)


async def test_a_device_that_others_are_not_ahead_of_keeps_its_claim(pair, small_mailboxes):
    sender, reader, mailbox = pair
    # Both have read the commit that let the reader in, and nothing else.
    await sender.ask("envelope.acknowledge", mailbox=mailbox, sequence=1)
    await until_acknowledged(sender, mailbox, 1)
    codes = [(await sender.envelope(mailbox, bytes(10 * KIB), slot=1)).get("code") for _ in range(12)]
    assert codes[8] is None
    assert codes[-1] == "quota_reached"
    assert not await sync_to_async(make_room.make_room)(mailbox)
    assert await claiming(mailbox) == {sender.device, reader.device}


async def test_a_device_that_lags_for_a_moment_keeps_its_claim(pair, settings):
    settings.MAILBOX_QUOTA_BYTES = 100 * KIB
    sender, reader, mailbox = pair
    await fill(sender, mailbox, 9)
    assert not await sync_to_async(make_room.make_room)(mailbox)
    assert await claiming(mailbox) == {sender.device, reader.device}
    assert len(await reader.drain(mailbox)) == 9


async def test_an_expired_envelope_says_nothing_about_how_long_a_device_was_away(pair, settings):
    settings.MAILBOX_QUOTA_BYTES = 100 * KIB
    sender, reader, mailbox = pair
    answer = await sender.envelope(mailbox, slot=1, expires_in=1)
    await Envelope.objects.filter(mailbox_id=mailbox, sequence=answer["sequence"]).aupdate(expires=1)
    await sync_to_async(clear)()
    await fill(sender, mailbox, 9)
    assert not await sync_to_async(make_room.make_room)(mailbox)
    assert await claiming(mailbox) == {sender.device, reader.device}


async def test_in_a_full_conversation_somebody_may_still_be_removed(pair, settings, alice):
    settings.MAILBOX_QUOTA_BYTES = 100 * KIB
    sender, _, mailbox = pair
    await fill(sender, mailbox, 9)
    assert (await sender.envelope(mailbox, bytes(11 * KIB), slot=1))["code"] == "quota_reached"
    removal = commit(mailbox, 1, [alice.device], body=bytes(11 * KIB))
    assert (await sender.ask("commit.send", **removal))["type"] == "envelope.accepted"


async def test_an_account_whose_share_is_used_up_may_only_commit(pair, settings, monkeypatch, alice, bob):
    settings.ACCOUNT_QUOTA_BYTES = 100 * KIB
    monkeypatch.setattr(account_quotas, "LOOK_BYTES", 20 * KIB)
    monkeypatch.setattr(account_quotas, "AGAIN_SECONDS", 0)
    sender, reader, mailbox = pair

    async def is_refused() -> bool:
        return (await sender.envelope(mailbox, bytes(10 * KIB), slot=1)).get("code") == "quota_reached"

    await until(is_refused)
    # Half of the mailbox is hers.
    assert 100 * KIB <= await sync_to_async(stored_share)(alice.account_id) == await stored_bytes(mailbox) // 2
    both = commit(mailbox, 1, [alice.device, bob.device])
    assert (await sender.ask("commit.send", **both))["type"] == "envelope.accepted"
    # When it has been read by everyone, she may send again.
    head = (await reader.drain(mailbox))[-1]["sequence"]
    for client in (sender, reader):
        await client.ask("envelope.acknowledge", mailbox=mailbox, sequence=head)
    await until_acknowledged(sender, mailbox, head)
    await until_acknowledged(reader, mailbox, head)
    await sync_to_async(clear)()

    async def is_accepted() -> bool:
        return (await sender.envelope(mailbox, slot=2))["type"] == "envelope.accepted"

    await until(is_accepted)


async def test_who_leaves_a_conversation_gives_its_share_back(pair, bob):
    sender, reader, mailbox = pair
    await sender.envelope(mailbox, bytes(10 * KIB), slot=1)
    assert await sync_to_async(stored_share)(bob.account_id) == await stored_bytes(mailbox) // 2
    # Nobody has to put them out.
    await reader.ask("subscription.end", mailbox=mailbox)
    assert await sync_to_async(stored_share)(bob.account_id) == 0


def clear() -> None:
    while expire_step():
        pass
