"""Several workers at once on the same mailboxes: no gap, no second winner, nothing twice, nobody waits for ever."""

import asyncio
import os
import random
import time
from collections import Counter

import pytest
from asgiref.sync import sync_to_async
from django.db import connection, transaction

from messaging import statements
from messaging.batch import Accepted, CommitItem, PlainItem
from messaging.models import Envelope, EnvelopeKind, Mailbox, MailboxKind, Passed, Subscription
from messaging.postgresql import write_plain as write_plain_module
from messaging.postgresql.write_plain import PlainWriter
from messaging.services import write_batch as write_batch_module
from messaging.services.accept_envelopes import accept_envelopes
from messaging.services.acknowledge_envelopes import acknowledge_envelopes
from messaging.services.create_mailbox import create_mailbox
from messaging.services.expire_envelopes import clear_mailboxes, expire_step
from messaging.services.write_batch import write_batch
from messaging.store import Store
from talk2me.errors import Internal, SlotConflict
from tests.consumers.socket_client import COMMITMENT

WORKERS = 3
lots = random.Random()  # noqa: S311 - chooses mailboxes
MAILBOXES = 5


def plain(device, mailbox: bytes, slot: int = 1, **changed) -> PlainItem:
    fields = {
        "device": device.device_id, "account": device.account_id, "mailbox": mailbox, "id": os.urandom(16),
        "kind": EnvelopeKind.APPLICATION.value, "slot": slot, "body": os.urandom(40), "commitment": COMMITMENT,
        "expires_in": None, "reply": lambda _result: None,
    }  # fmt: skip
    return PlainItem(**fields | changed)


def commit(device, others, mailbox: bytes, slot: int) -> CommitItem:
    everyone = [device, *others]
    return CommitItem(
        device=device.device_id, account=device.account_id, mailbox=mailbox, id=os.urandom(16), slot=slot,
        body=os.urandom(40), members=[one.account_id for one in everyone],
        subscribers=[one.device_id for one in everyone], welcomes=[], group_info=b"info", reply=lambda _result: None,
    )  # fmt: skip


async def in_thread(work, *arguments):
    """Run as another worker's writer would, on a connection of its own."""

    def run():
        try:
            return work(*arguments)
        finally:
            connection.close()

    return await asyncio.to_thread(run)


class FarWorker:
    """The writer of one more worker: on PostgreSQL its own connection, elsewhere a thread."""

    def __init__(self) -> None:
        self._plain = PlainWriter()

    async def write(self, items):
        if connection.vendor == "postgresql" and all(isinstance(item, PlainItem) for item in items):
            return await self._plain.write(items)
        return await in_thread(write_batch, items)

    def close(self) -> None:
        self._plain.close()


@pytest.fixture
async def workers():
    found = [FarWorker() for _ in range(WORKERS)]
    yield found
    for worker in found:
        worker.close()


@pytest.fixture
async def mailboxes(alice, bob):
    """Ids of conversations of alice and bob, in slot 1."""
    made = [os.urandom(16) for _ in range(MAILBOXES)]
    for mailbox in made:
        await in_thread(create_mailbox, alice.account_id, alice.device.device_id, mailbox, MailboxKind.CONVERSATION)
        outcome = await in_thread(write_batch, [commit(alice.device, [bob.device], mailbox, 0)])
        assert isinstance(outcome.results[0], Accepted)
    return made


@sync_to_async
def assert_whole(mailboxes) -> None:
    """Sequences are contiguous, and the counts of each mailbox are those of its rows."""
    for mailbox in Mailbox.objects.filter(id__in=mailboxes):
        rows = list(Envelope.objects.filter(mailbox_id=mailbox.id).order_by("sequence"))
        assert [row.sequence for row in rows] == list(range(mailbox.gone + 1, mailbox.head + 1))
        assert sum(len(row.body) for row in rows) == mailbox.bytes
    connection.close()


async def test_workers_that_write_to_the_same_mailboxes_leave_no_gap(workers, mailboxes, alice, bob):
    async def write(worker):
        results = []
        for _ in range(12):
            items = [plain(lots.choice([alice, bob]).device, lots.choice(mailboxes)) for _ in range(16)]
            outcome = await worker.write(items)
            results += [(item.id, result) for item, result in zip(items, outcome.results, strict=True)]
        return results

    results = [pair for found in await asyncio.gather(*map(write, workers)) for pair in found]
    assert all(isinstance(result, Accepted) and not result.duplicate for _, result in results)
    rows = await sync_to_async(list)(Envelope.objects.values_list("id", "mailbox_id", "sequence"))
    told = {(id_, result.mailbox, result.sequence) for id_, result in results}
    assert told == set(rows) - {row for row in rows if row[2] == 1}
    await assert_whole(mailboxes)


async def test_of_commits_for_the_same_slot_on_several_workers_one_wins(workers, mailboxes, alice, bob):
    for slot in range(1, 6):
        batches = [
            [
                plain(alice.device, mailboxes[0], slot),
                *(commit(alice.device, [bob.device], mailbox, slot) for mailbox in order),
                plain(bob.device, mailboxes[0], slot),
            ]
            for order in (lots.sample(mailboxes, MAILBOXES) for _ in workers)
        ]
        outcomes = await asyncio.gather(*(worker.write(b) for worker, b in zip(workers, batches, strict=True)))
        wins: Counter[bytes] = Counter()
        for batch, outcome in zip(batches, outcomes, strict=True):
            for item, result in zip(batch, outcome.results, strict=True):
                if isinstance(item, CommitItem):
                    wins[item.mailbox] += isinstance(result, Accepted)
                    assert isinstance(result, Accepted | SlotConflict), result
                else:
                    assert isinstance(result, Accepted), result
        assert wins == dict.fromkeys(mailboxes, 1)
    slots = await sync_to_async(list)(Mailbox.objects.filter(id__in=mailboxes).values_list("slot", flat=True))
    assert slots == [6] * MAILBOXES
    await assert_whole(mailboxes)


async def test_an_envelope_sent_to_several_workers_at_once_is_stored_once(workers, mailboxes, alice):
    for _ in range(8):
        items = [plain(alice.device, mailbox) for mailbox in mailboxes]
        outcomes = await asyncio.gather(
            *(worker.write([*lots.sample(items, MAILBOXES), plain(alice.device, mailboxes[0])]) for worker in workers)
        )
        results = [result for outcome in outcomes for result in outcome.results]
        assert all(isinstance(result, Accepted) for result in results)
        places = Counter((result.mailbox, result.id, result.sequence) for result in results)
        assert sorted(places.values()) == [1] * WORKERS + [WORKERS] * MAILBOXES
        assert sum(not result.duplicate for result in results) == WORKERS + MAILBOXES
    await assert_whole(mailboxes)


async def test_nothing_that_all_have_read_is_forgotten_while_others_write_read_and_clear(
    workers, mailboxes, alice, bob
):
    heads: Counter[bytes] = Counter()
    done = asyncio.Event()

    async def write(worker):
        for _ in range(15):
            outcome = await worker.write([plain(alice.device, lots.choice(mailboxes)) for _ in range(8)])
            for result in outcome.results:
                heads[result.mailbox] = max(heads[result.mailbox], result.sequence)

    async def acknowledge(device, store):
        while not done.is_set():
            await store.acknowledge({(m, device.device_id): head for m, head in heads.items()})
            await asyncio.sleep(0)

    async def clear():
        while not done.is_set():
            await in_thread(expire_step)

    stores = [Store(), Store()]
    readers = [acknowledge(alice.device, stores[0]), acknowledge(bob.device, stores[1])]
    others = [asyncio.ensure_future(work) for work in (*readers, clear())]
    await asyncio.gather(*(write(worker) for worker in workers[:2]))
    done.set()
    await asyncio.gather(*others)
    for device, store in zip((alice.device, bob.device), stores, strict=True):
        await store.acknowledge({(m, device.device_id): head for m, head in heads.items()})
        store.close()
    while await in_thread(expire_step):
        pass
    await assert_whole(mailboxes)
    rows = Mailbox.objects.filter(id__in=[*heads])
    assert {(row.head - row.gone, row.bytes) async for row in rows} == {(0, 0)}
    assert not await Passed.objects.aexists()


async def test_an_envelope_that_trips_us_up_takes_no_other_with_it_and_leaves_no_lock(
    workers, mailboxes, alice, monkeypatch
):
    def accept(items, *arguments):
        if any(item.body == b"bad" for item in items):
            raise RuntimeError("a mistake of ours")
        return accept_envelopes(items, *arguments)

    monkeypatch.setattr(write_plain_module, "accept_envelopes", accept)
    monkeypatch.setattr(write_batch_module, "accept_envelopes", accept)
    good, bad = plain(alice.device, mailboxes[0]), plain(alice.device, mailboxes[0], body=b"bad")
    outcome = await workers[0].write([bad, good, bad])
    assert [type(result) for result in outcome.results] == [Internal, Accepted, Internal]
    outcome = await asyncio.wait_for(workers[1].write([plain(alice.device, mailboxes[0])]), 20)
    assert isinstance(outcome.results[0], Accepted)


async def test_an_idle_device_that_acknowledges_does_not_get_in_the_way_of_clearing(mailboxes, alice, bob):
    if connection.vendor == "sqlite":
        pytest.skip("has one lock")
    mailbox, locked = mailboxes[0], asyncio.Event()
    loop = asyncio.get_running_loop()

    def begin() -> None:
        write_batch([plain(alice.device, mailbox) for _ in range(3)])
        acknowledge_envelopes([(mailbox, alice.device.device_id, 4)])
        Subscription.objects.filter(mailbox_id=mailbox, device=bob.device.device_id).update(claims=False)

    def acknowledge_slowly() -> None:
        with transaction.atomic():
            statements.move_cursors([(mailbox, bob.device.device_id, 2)])
            loop.call_soon_threadsafe(locked.set)
            until_somebody_waits()
            statements.mark_passed([mailbox])

    await in_thread(begin)
    slow = asyncio.ensure_future(in_thread(acknowledge_slowly))
    await locked.wait()
    # Neither raises: PostgreSQL would end one of two that wait for each other.
    await asyncio.gather(slow, in_thread(clear_mailboxes, [mailbox]))


def until_somebody_waits() -> None:
    """Wait until another connection waits for a lock."""
    end = time.monotonic() + 20
    with connection.cursor() as cursor:
        while time.monotonic() < end:
            cursor.execute("SELECT 1 FROM pg_locks WHERE NOT granted")
            if cursor.fetchone():
                return
            time.sleep(0.02)
    raise AssertionError("nobody waits")
