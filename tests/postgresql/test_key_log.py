"""What the tests of the key log say of SQLite holds on a real PostgreSQL too."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TESTS = [
    "tests/api/test_key_log.py",
    "tests/api/test_witness.py",
    "tests/unit/keys/test_concurrency.py",
    "tests/unit/keys/test_gather_cosignatures.py",
    "tests/unit/keys/test_log_commands.py",
    "tests/unit/keys/test_log_migration.py",
    "tests/unit/keys/test_log_storage.py",
    "tests/unit/keys/test_verify_log.py",
]


@pytest.mark.timeout(600)
def test_the_key_log_on_postgresql(database_url):
    env = os.environ | {"DATABASE_URL": database_url, "PGOPTIONS": "-c synchronous_commit=off"}
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *TESTS],
        cwd=ROOT, env=env, capture_output=True, text=True, check=False, timeout=550,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout[-8000:] + run.stderr[-2000:]
