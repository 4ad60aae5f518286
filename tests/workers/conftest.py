"""What all tests here use: a database for each module, and sockets that are closed in the end."""

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

import psycopg
import pytest

from cluster.postgresql import Postgresql
from cluster.worker import Worker
from tests.factories import FakeDevice
from tests.workers import people
from tests.workers.people import NetworkClient

Connect = Callable[[Worker, FakeDevice], Awaitable[NetworkClient]]


@pytest.fixture(scope="module")
def own_database_url(postgresql: Postgresql) -> Iterator[str]:
    """The DATABASE_URL of an empty database that only this module uses."""
    name = f"workers_{secrets.token_hex(6)}"
    with psycopg.connect(postgresql.url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield postgresql.url.rpartition("/")[0] + f"/{name}"
    with psycopg.connect(postgresql.url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def connect() -> AsyncIterator[Connect]:
    """Opens signed-in sockets."""
    clients: list[NetworkClient] = []

    async def open_one(worker: Worker, device: FakeDevice) -> NetworkClient:
        clients.append(await people.connect(worker, device))
        return clients[-1]

    yield open_one
    for client in clients:
        await client.close()
