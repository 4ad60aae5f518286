"""Accounts with sockets on the real consumer, writer and database."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from asgiref.sync import SyncToAsync, sync_to_async
from django.db import connections

from messaging import threads
from messaging.worker import this_worker
from talk2me import limits
from tests.consumers import quick_flush, socket_client
from tests.consumers.socket_client import Client
from tests.factories import FakeAccount, FakeDevice, make_account

quick_flush.install()
Connect = Callable[..., Awaitable[Client]]


@pytest.fixture(autouse=True)
def _database(transactional_db: None) -> AsyncIterator[None]:
    """Threads of their own see only what is committed."""
    limits.forget_all()
    yield
    threads.close_connections()
    # What `sync_to_async` runs in has a connection too; PostgreSQL drops no database that somebody is connected to.
    SyncToAsync.single_thread_executor.submit(connections.close_all).result()


@pytest.fixture
async def connect() -> AsyncIterator[Connect]:
    """Opens signed-in sockets, and closes them in the end."""
    clients: list[Client] = []

    async def open_one(device: FakeDevice, worker=None) -> Client:
        clients.append(await socket_client.connect(device, worker))
        return clients[-1]

    yield open_one
    for client in clients:
        await client.close()
    await this_worker().stop()


@pytest.fixture
async def alice() -> FakeAccount:
    return await sync_to_async(make_account)()


@pytest.fixture
async def bob() -> FakeAccount:
    return await sync_to_async(make_account)()
