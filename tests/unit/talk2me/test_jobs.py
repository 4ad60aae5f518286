"""The periodic jobs: each gets its turn, whatever happens to another."""

import logging
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import get_args

import psycopg
import pytest
from django.db import DatabaseError

from talk2me import jobs, metrics
from talk2me.metric_labels import Job

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.django_db
def test_a_job_that_fails_is_logged_and_stops_no_other(monkeypatch, caplog):
    done = []

    def fail():
        raise DatabaseError

    monkeypatch.setattr(jobs, "JOBS", {"expire_envelopes": fail, "delete_expired_keys": lambda: done.append(1)})
    before = [runs("expire_envelopes", "failed"), runs("delete_expired_keys", "ok")]
    with caplog.at_level(logging.ERROR):
        jobs.run_turn()
        jobs.run_turn()
    assert done == [1, 1]
    assert [record.job for record in caplog.records] == ["expire_envelopes", "expire_envelopes"]
    assert [runs("expire_envelopes", "failed"), runs("delete_expired_keys", "ok")] == [count + 2 for count in before]
    assert metrics.registry.get_sample_value("talk2me_job_success_timestamp_seconds", {"job": "delete_expired_keys"})


def runs(job: str, outcome: str) -> float:
    return metrics.registry.get_sample_value("talk2me_job_runs_total", {"job": job, "outcome": outcome})


def test_every_job_is_known_to_the_metrics():
    assert set(jobs.JOBS) == set(get_args(Job))


@pytest.fixture
def manage(tmp_path, database_url):
    """Start management commands on an empty PostgreSQL database; what still runs at the end is ended."""
    environment = {
        "PATH": "", "SECRET_KEY": "tests of the jobs only, tests of the jobs 1", "DATABASE_URL": database_url,
        "FRANKING_KEY": "tests of the jobs only, tests of the jobs 2", "DATA_DIR": str(tmp_path), "JOB_SECONDS": "1",
        "KEYLOG_KEY": "tests of the jobs only, tests of the jobs 3",
    }  # fmt: skip
    started = []

    def start(*words: str) -> subprocess.Popen:
        command = [sys.executable, "manage.py", *words]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        started.append(subprocess.Popen(command, cwd=ROOT, env=environment, **pipes))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


def test_while_one_process_has_the_jobs_another_leaves_them_and_takes_over_later(manage, database_url):
    assert manage("migrate", "--verbosity", "0").wait(60) == 0
    with psycopg.connect(database_url, autocommit=True) as busy:
        assert busy.execute("SELECT pg_try_advisory_lock(%s)", [jobs.LOCK]).fetchone() == (True,)
        add_expired = "INSERT INTO keys_registrationcode (hash, created, expires) VALUES (%s, now(), '2020-01-01')"
        busy.execute(add_expired, [b"1" * 32])
        process = manage("jobs")
        until(lambda: len(sessions(busy)) > 0, process)
        assert count(busy) == 1
        busy.execute("SELECT pg_advisory_unlock(%s)", [jobs.LOCK])
        until(lambda: count(busy) == 0, process)
        # It goes on after its connection was cut.
        busy.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
        busy.execute(add_expired, [b"2" * 32])
        until(lambda: count(busy) == 0, process)
    process.send_signal(signal.SIGTERM)
    output, _ = process.communicate(timeout=30)
    assert (process.returncode, "password" in output) == (0, False), output


def sessions(connection: psycopg.Connection) -> list:
    """Whoever else asked this database something."""
    asked = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    return connection.execute(asked + " AND query LIKE '%%pg_try_advisory_lock%%'").fetchall()


def count(connection: psycopg.Connection) -> int:
    return connection.execute("SELECT count(*) FROM keys_registrationcode").fetchone()[0]


def until(condition: callable, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert process.poll() is None, process.communicate()[0]
        assert time.monotonic() < deadline
        time.sleep(0.05)
