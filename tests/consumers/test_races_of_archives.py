"""Archives that are made, written to and erased while something else happens to the account."""

import asyncio
import os
import threading
import time

import pytest
from asgiref.sync import sync_to_async
from django.db import connection, transaction

from messaging.batch import Accepted, PlainItem
from messaging.models import Envelope, EnvelopeKind, Mailbox, MailboxKind, Subscription
from messaging.services.create_mailbox import create_mailbox
from messaging.services.erase_archive import erase_archive
from messaging.services.expire_envelopes import expire_step
from messaging.services.open_device_mailboxes import open_device
from talk2me.errors import MailboxUnknown
from tests.consumers.socket_client import COMMITMENT
from tests.consumers.test_races import FarWorker, in_thread
from tests.factories import add_device, make_account

ROUNDS = 8


@pytest.fixture
async def workers():
    found = [FarWorker() for _ in range(3)]
    yield found
    for worker in found:
        worker.close()


async def make_archive(account) -> bytes:
    archive = os.urandom(16)
    await in_thread(create_mailbox, account.account_id, account.device.device_id, archive, MailboxKind.ARCHIVE)
    return archive


def readers(mailbox: bytes) -> set[bytes]:
    try:
        return set(Subscription.objects.filter(mailbox_id=mailbox, last=None).values_list("device", flat=True))
    finally:
        connection.close()


async def test_a_device_that_is_added_while_the_archive_is_made_reads_it():
    for _ in range(ROUNDS):
        account = await in_thread(make_account)
        archive, second = await asyncio.gather(make_archive(account), in_thread(add_device, account))
        assert await sync_to_async(readers)(archive) == {account.device.device_id, second.device_id}


async def test_a_device_that_is_added_while_the_archive_is_erased_does_not_read_it():
    for _ in range(ROUNDS):
        account = await in_thread(make_account)
        archive = await make_archive(account)
        erasing = in_thread(erase_archive, account.account_id, archive)
        await asyncio.gather(in_thread(add_device, account), erasing)
        assert await sync_to_async(readers)(archive) == set()


async def test_who_erases_the_archive_waits_for_a_device_that_is_being_added():
    account = await in_thread(make_account)
    archive = await make_archive(account)
    found = threading.Event()

    def add():
        with transaction.atomic():
            open_device(account.account_id, os.urandom(16))
            found.set()
            time.sleep(0.5)

    def erase():
        assert found.wait(30)
        erase_archive(account.account_id, archive)

    await asyncio.gather(in_thread(add), in_thread(erase))
    assert await sync_to_async(readers)(archive) == set()


async def test_what_is_written_while_the_archive_is_erased_is_stored_once_and_goes_with_it(workers, alice):
    archive = await make_archive(alice)
    ids, begun = [os.urandom(16) for _ in range(60)], asyncio.Event()

    def entry(id_: bytes) -> PlainItem:
        return PlainItem(
            device=alice.device.device_id, account=alice.account_id, mailbox=archive, id=id_,
            kind=EnvelopeKind.ARCHIVE.value, slot=0, body=os.urandom(40), commitment=COMMITMENT, expires_in=None,
            reply=lambda _result: None,
        )  # fmt: skip

    async def write(worker):
        found = []
        for id_ in ids:
            found += (await worker.write([entry(id_)])).results
            if id_ == ids[10]:
                begun.set()
        return found

    async def erase():
        await begun.wait()
        await in_thread(erase_archive, alice.account_id, archive)

    *results, _ = await asyncio.gather(*map(write, workers), erase())
    answered = [result for found in results for result in found]
    assert {type(result) for result in answered} == {Accepted, MailboxUnknown}
    places = {(one.id, one.sequence) for one in answered if isinstance(one, Accepted)}
    new = [one for one in answered if isinstance(one, Accepted) and not one.duplicate]
    assert len(places) == len(new) == len({one.sequence for one in new})
    while await in_thread(expire_step):
        pass
    assert not await Mailbox.objects.filter(id=archive).aexists()
    assert not await Envelope.objects.filter(mailbox_id=archive).aexists()
