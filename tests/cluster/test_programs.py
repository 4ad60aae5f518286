"""Which servers are started: the machine's own, and on a machine without any those of the wheels."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from cluster import programs
from cluster.postgresql import Postgresql
from cluster.valkey import Valkey
from cluster.wait import NotReady


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine that has no servers."""
    monkeypatch.setattr(programs, "SYSTEM", Path("/nonexistent"))
    monkeypatch.setattr(programs.shutil, "which", lambda _name: None)
    forget()
    yield
    forget()


def forget() -> None:
    for find in (programs.postgresql, programs.valkey, programs.caddy):
        find.cache_clear()


def test_a_machine_without_servers_starts_those_of_the_wheels(bare: None, tmp_path: Path) -> None:
    version = subprocess.run([programs.caddy(), "version"], capture_output=True, text=True, check=True)
    assert version.stdout.startswith("v2.")
    servers = Postgresql(tmp_path / "postgresql"), Valkey(tmp_path / "valkey")
    try:
        for server in servers:
            server.start()
        assert "site-packages" in servers[1].command[0]
        with psycopg.connect(servers[0].url) as connection:
            assert connection.info.server_version >= 18_00_00
    finally:
        for server in servers:
            server.stop()


def test_data_of_a_version_that_is_gone_are_left_alone(tmp_path: Path) -> None:
    data = tmp_path / "postgresql/data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("7\n")
    with pytest.raises(programs.ProgramMissing, match="no PostgreSQL 7, which made the data"):
        Postgresql(tmp_path / "postgresql").start()


def test_a_server_whose_port_is_taken_says_so(valkey: Valkey, tmp_path: Path) -> None:
    with pytest.raises(NotReady, match=r"(?s)ended at once:.*in use"):
        Valkey(tmp_path / "valkey", port=valkey.port).start()
