"""Sites with people for each test; FAULTS=short (the default) or full says how much load they get."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from cluster.postgresql import Postgresql
from tests.faults.leftovers import processes_of
from tests.faults.site import Site, Size, Templates


@dataclass(frozen=True)
class Effort:
    """`rate` in envelopes a second, `enough` accepted between two faults, `rounds` of what is repeated."""

    size: Size
    rate: float
    enough: int
    rounds: int


EFFORTS = {
    "short": Effort(Size(accounts=10, conversations=6, readers=4), rate=80, enough=60, rounds=1),
    "full": Effort(Size(accounts=40, conversations=25, readers=6), rate=150, enough=200, rounds=2),
}
MakeSite = Callable[..., Site]


@pytest.fixture(scope="session")
def effort() -> Effort:
    return EFFORTS[os.environ.get("FAULTS", "short")]


@pytest.fixture(scope="session")
def fault_folder() -> Iterator[Path]:
    """Not pytest's own: PostgreSQL runs as another user where the tests run as root."""
    folder = Path(tempfile.mkdtemp(prefix="talk2me-faults-"))
    try:
        yield folder
        assert not processes_of(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def templates(fault_folder: Path, effort: Effort) -> Iterator[Templates]:
    server = Postgresql(fault_folder / "postgresql")
    try:
        server.start()
        yield Templates(fault_folder, server, effort.size)
    finally:
        server.stop()


@pytest.fixture
def postgresql(templates: Templates) -> Iterator[Postgresql]:
    """The server that all tests of a session share; running again after each, whatever was done to it."""
    yield templates.postgresql
    templates.postgresql.restart()


@pytest.fixture
def folder(fault_folder: Path) -> Path:
    return Path(tempfile.mkdtemp(dir=fault_folder))


@pytest.fixture
def on_postgresql(templates: Templates, folder: Path) -> Iterator[MakeSite]:
    """Makes a site of several workers, Valkey and PostgreSQL."""

    def make(workers: int = 2, *, redis: bool = True, **environment: str) -> Site:
        url = templates.new_postgresql()
        return Site(folder, url, templates.postgresql_place, workers=workers, redis=redis, **environment)

    yield make
    assert not processes_of(folder)


@pytest.fixture
def on_sqlite(templates: Templates, folder: Path) -> Iterator[MakeSite]:
    """Makes a site of one worker with SQLite, as `make run` does."""

    def make(**environment: str) -> Site:
        return Site(folder, templates.new_sqlite(folder), templates.sqlite_place, workers=1, redis=False, **environment)

    yield make
    assert not processes_of(folder)
