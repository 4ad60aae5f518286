"""The servers of one test: a database of its own, Valkey if it wants one, and some workers."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg

from cluster.ports import free_port
from cluster.postgresql import Postgresql
from cluster.process import ROOT
from cluster.valkey import Valkey
from cluster.worker import Worker
from tests.faults.people import Place

ORIGIN = "http://127.0.0.1:8000"
# Real limits that count everything, far above what a test sends.
LIMITS = (
    "ADD",
    "ADD_PAIR",
    "API",
    "BYTES",
    "CLAIM",
    "CLAIM_PAIR",
    "ENVELOPES",
    "FRAMES",
    "LOOKUP",
    "SIGN_IN",
    "STORED",
)
SETTINGS = {f"RATE_{name}": "10000000/hour" for name in LIMITS} | {
    "SECRET_KEY": "fault tests only, fault tests only, fault 1",
    "FRANKING_KEY": "fault tests only, fault tests only, fault 2",
    "KEYLOG_KEY": "fault tests only, fault tests only, fault 3",
    "ORIGIN": ORIGIN,
    "DJANGO_SETTINGS_MODULE": "talk2me.settings",
    "LOG_LEVEL": "WARNING",
    "ASGI_SERVER": "uvicorn",
    # What a test waits for when wake-ups are lost.
    "WAKEUP_CHECK_SECONDS": "2",
}


def settings(database_url: str, folder: Path, **changed: str) -> dict[str, str]:
    """Return the environment of a worker."""
    return os.environ | SETTINGS | {"DATABASE_URL": database_url, "DATA_DIR": str(folder), "REDIS_URL": ""} | changed


@dataclass(frozen=True)
class Size:
    """How many people in how many conversations of how many readers each."""

    accounts: int
    conversations: int
    readers: int


def prepare(size: Size, environment: dict[str, str]) -> Place:
    """Fill the database of the environment with people."""
    words = [str(number) for number in (size.accounts, size.conversations, size.readers)]
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.prepare", *words],
        cwd=ROOT, env=environment, check=False, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return Place.read(ORIGIN, done.stdout.strip().splitlines()[-1])


class Templates:
    """Databases with people in them, made once; each test takes a copy."""

    def __init__(self, folder: Path, postgresql: Postgresql, size: Size) -> None:
        self.postgresql = postgresql
        self._sqlite = folder / "template.sqlite3"
        self._number = 0
        self.postgresql_place = prepare(size, settings(self._postgresql_url("talk2me"), folder))
        self.sqlite_place = prepare(size, settings(f"sqlite:///{self._sqlite}", folder))

    def new_postgresql(self) -> str:
        """Return the URL of a copy in PostgreSQL."""
        self._number += 1
        name = f"test{self._number}"
        with psycopg.connect(self._postgresql_url("postgres"), autocommit=True, connect_timeout=10) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE talk2me".encode())
        return self._postgresql_url(name)

    def new_sqlite(self, folder: Path) -> str:
        """Return the URL of a copy in SQLite."""
        path = folder / "talk2me.sqlite3"
        with closing(sqlite3.connect(self._sqlite)) as source, closing(sqlite3.connect(path)) as copy:
            source.backup(copy)
        return f"sqlite:///{path}"

    def _postgresql_url(self, name: str) -> str:
        return self.postgresql.url.rsplit("/", 1)[0] + "/" + name


class Site:
    """`with` starts everything, and ends with nothing left running."""

    def __init__(self, folder: Path, database_url: str, place: Place, *, workers: int, redis: bool, **env: str) -> None:
        self.folder = folder
        self.database_url = database_url
        self.place = place
        self.valkey = Valkey(folder / "valkey") if redis else None
        self._changed = env
        self.environment: dict[str, str] = {}
        self._count = workers
        self.workers: list[Worker] = []

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            for worker in self.workers:
                print(f"--- worker {worker.port}:\n{worker.end_of_log(6000)}")  # noqa: T201 - beside the failure
        self._stop()

    @property
    def ports(self) -> list[int]:
        """Where the workers listen; they keep their ports when they are started again."""
        return [worker.port for worker in self.workers]

    def manage(self, *words: str, **environment: str) -> None:
        """Run a management command of this site."""
        command = [sys.executable, "manage.py", *words]
        subprocess.run(command, cwd=ROOT, env=self.environment | environment, check=True, timeout=120)

    def _start(self) -> None:
        if self.valkey is not None:
            self.valkey.start()
        redis_url = self.valkey.url if self.valkey is not None else ""
        self.environment = settings(self.database_url, self.folder, **{"REDIS_URL": redis_url} | self._changed)
        self.workers = [Worker(self.environment, free_port()) for _ in range(self._count)]
        for worker in self.workers:
            worker.start(wait_until_ready=False)
        for worker in self.workers:
            worker.wait_until_ready()

    def _stop(self) -> None:
        for process in [*self.workers, *([self.valkey] if self.valkey is not None else [])]:
            try:
                process.resume()
                process.stop()
            except RuntimeError:
                continue
