"""The PostgreSQL and the Valkey that servers share in one run of the benchmarks; started when first asked for."""

import contextlib
import shutil
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import redis

from cluster.postgresql import Postgresql
from cluster.valkey import Valkey


class Stores(contextlib.ExitStack):
    """Use as a context manager: what was started ends with it. `folder` is empty and ours."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder
        self._databases = 0
        self._folders = 0

    @cached_property
    def postgresql(self) -> Postgresql:
        """A PostgreSQL as `make cluster` starts it."""
        server = Postgresql(self.folder / "postgresql")
        server.start()
        self.callback(server.stop)
        return server

    @cached_property
    def valkey(self) -> Valkey:
        """A Valkey or Redis as `make cluster` starts it."""
        server = Valkey(self.folder / "valkey")
        server.start()
        self.callback(server.stop)
        return server

    @contextlib.contextmanager
    def fresh_database(self) -> Iterator[str]:
        """Yield the address of an empty database, which goes afterwards, so that it does not slow down the next."""
        self._databases += 1
        name = f"bench{self._databases}"
        with psycopg.connect(self.postgresql.url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
            try:
                yield urlsplit(self.postgresql.url)._replace(path=f"/{name}").geturl()
            finally:
                connection.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def new_folder(self, name: str) -> Path:
        """Return a fresh folder, which goes at the end."""
        self._folders += 1
        folder = self.folder / f"{name}{self._folders}"
        folder.mkdir()
        return folder

    def give(self, folder: Path, user: str | None) -> None:
        """Give a folder and all in it to a user, if any, and let that one find the way there."""
        if user is not None:
            self.folder.chmod(0o711)
            for path in [folder, *folder.rglob("*")]:
                shutil.chown(path, user)

    def fresh_valkey(self) -> str:
        """Return the address of the Valkey, emptied."""
        with redis.Redis.from_url(self.valkey.url) as client:
            client.flushall()
        return self.valkey.url
