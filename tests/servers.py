"""Real PostgreSQL and Valkey (or Redis) for tests, a pytest plugin: started once a session, when first asked for."""

import secrets
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from cluster.postgresql import Postgresql
from cluster.valkey import Valkey


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Postgresql]:
    """A PostgreSQL with an empty database at `.url`; other databases may be made beside it."""
    yield from _started(Postgresql)


@pytest.fixture(scope="session")
def valkey() -> Iterator[Valkey]:
    """A Valkey, or Redis, at `.url`."""
    yield from _started(Valkey)


@pytest.fixture
def database_url(postgresql: Postgresql) -> Iterator[str]:
    """The DATABASE_URL of an empty PostgreSQL database that only this test uses."""
    name = f"test_{secrets.token_hex(6)}"
    with psycopg.connect(postgresql.url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield postgresql.url.rpartition("/")[0] + f"/{name}"
    with psycopg.connect(postgresql.url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _started(kind: type) -> Iterator:
    folder = Path(tempfile.mkdtemp(prefix=f"talk2me-{kind.__name__.lower()}-"))
    server = kind(folder)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
