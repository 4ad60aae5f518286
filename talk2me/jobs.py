"""What a server does by itself from time to time, beside its workers."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db import DatabaseError, close_old_connections, connection

from operators.count_day import count_day_if_due
from talk2me import metrics
from talk2me.metric_labels import Job, Outcome
from talk2me.sqlite_log import shorten_log

logger = logging.getLogger(__name__)

JOBS: dict[Job, Callable[[], object]] = {
    "expire_envelopes": lambda: call_command("expire_envelopes", once=True),
    "delete_expired_keys": lambda: call_command("delete_expired_keys", verbosity=0),
    "delete_expired_attachments": lambda: call_command("delete_expired_attachments", verbosity=0),
    "count_day": count_day_if_due,
    "beat_key_log": lambda: call_command("beat_key_log", verbosity=0),
    # The last one: it waits for other servers.
    "cosign_key_log": lambda: call_command("cosign_key_log", verbosity=0),
}
# Any number that nothing else in this database locks: "talk2me" as letters.
LOCK = int.from_bytes(b"talk2me", "big")


def run_turn() -> None:
    """Do every job once. A job that fails is logged, stops nothing else and is tried again at the next turn.

    Several processes may do this: on PostgreSQL one at a time acts, the others skip their turn; SQLite serves one.
    """
    close_old_connections()
    try:
        with _alone() as alone:
            if alone:
                _run_all()
                shorten_log()
    except DatabaseError:
        logger.exception("no turn of the jobs: the database does not answer")


def _run_all() -> None:
    for name, job in JOBS.items():
        started = time.monotonic()
        try:
            job()
        except Exception:
            outcome: Outcome = "failed"
            logger.exception("job failed", extra={"job": name})
        else:
            outcome = "ok"
            metrics.job_success.labels(name).set_to_current_time()
            logger.debug("job done", extra={"job": name, "seconds": round(time.monotonic() - started, 3)})
        metrics.job_seconds.labels(name).observe(time.monotonic() - started)
        metrics.job_runs.labels(name, outcome).inc()


@contextmanager
def _alone() -> Iterator[bool]:
    """Hold the lock of the jobs; say whether we have it. It ends with the connection, whatever ends that."""
    if connection.vendor != "postgresql":
        yield True
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        alone = bool(cursor.fetchone()[0])
    try:
        yield alone
    finally:
        if alone:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
