"""What the tests of messaging say of SQLite holds on a real PostgreSQL too."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# Those whose outcome depends on the database; a run of its own, because Django's settings name one database.
TESTS = [
    "tests/api/test_attachments.py",
    "tests/api/test_audit_list.py",
    "tests/api/test_operators_front_page.py",
    "tests/api/test_reports.py",
    "tests/consumers/test_archives.py",
    "tests/consumers/test_changes_of_accounts.py",
    "tests/consumers/test_commit_send.py",
    "tests/consumers/test_envelope_send.py",
    "tests/consumers/test_expiry.py",
    "tests/consumers/test_mailboxes.py",
    "tests/consumers/test_push.py",
    "tests/consumers/test_quotas.py",
    "tests/consumers/test_races.py",
    "tests/consumers/test_races_of_archives.py",
    "tests/consumers/test_reading_backwards.py",
    "tests/unit/messaging/test_attachments_at_once.py",
    "tests/unit/messaging/test_account_quota.py",
    "tests/unit/messaging/test_letting_go.py",
    "tests/unit/messaging/test_retention.py",
    "tests/unit/talk2me/test_growth.py",
]


@pytest.mark.timeout(600)
def test_messaging_on_postgresql(postgresql):
    # What a crash would lose is not asked here, and each test empties the database.
    env = os.environ | {"DATABASE_URL": postgresql.url, "PGOPTIONS": "-c synchronous_commit=off"}
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *TESTS],
        cwd=ROOT, env=env, capture_output=True, text=True, check=False, timeout=550,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout[-8000:] + run.stderr[-2000:]
