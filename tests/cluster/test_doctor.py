"""`manage.py doctor` beside a real server: what is well is not complained of, what is gone is named."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.running_server import ROOT, RunningServer

# What the machine that runs the tests may lack.
OF_THE_MACHINE = {"disk_small", "disk_full", "disk_files", "clock_not_kept", "env_readable"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with RunningServer(tmp_path_factory.mktemp("doctor") / "data") as running:
        yield running


def examine(server: RunningServer, **environment: str) -> tuple[set[str], int]:
    """Return the codes of the findings, and how the command ended."""
    done = subprocess.run(
        [sys.executable, "manage.py", "doctor", "--url", server.origin, "--json"],
        cwd=ROOT, env=server.environment | environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout, done.stderr
    assert server.environment["KEYLOG_KEY"] not in done.stdout + done.stderr
    return {one["code"] for one in json.loads(done.stdout)} - OF_THE_MACHINE, done.returncode


def test_a_server_that_is_well_lacks_a_backup_only(server: RunningServer, tmp_path: Path) -> None:
    harmless = {"origin_here", "push_off"}
    assert examine(server, PUSH_KEY="") == (harmless | {"backup_unknown"}, 1)
    server.manage("backup", str(tmp_path / "backup.tar"))
    assert examine(server, PUSH_KEY="") == (harmless, 0)


def test_what_is_gone_or_other_is_named(server: RunningServer) -> None:
    gone = {
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
        "KEYLOG_KEY": "another key, another key, another key",
    }
    found, ended = examine(server, **gone)
    assert {"channel_layer_unreachable", "database_unreachable", "other_key_log"} <= found
    assert ended == 2
