"""Database, Redis, disk, jobs, backups and ways out, as this process reaches them."""

import asyncio
import os
import shutil
import socket
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.storage import storages
from django.db import connection
from django.db.models import Min, Sum

from keys import oidc
from keys.key_log.leaf import decode
from keys.models import LogLeaf
from messaging.models import Attachment, Envelope, Mailbox, PushSubscription
from talk2me.backup.make import MARK
from talk2me.doctor.findings import Finding
from talk2me.doctor.kernel_clock import is_kept
from talk2me.errors import GateUnreachable
from talk2me.growth import forecast
from talk2me.readiness import Readiness

GIB = 1024**3
DAY = 24 * 3600
CLOCK_SECONDS = 5
# A heartbeat is due when the last leaf is 12 hours old, and what has expired goes at the next turn.
LONGEST_SILENCE_SECONDS = 13 * 3600
LONGEST_LEFT_SECONDS = 3600
BACKUP_DAYS = 7
# Less, and somebody should order a disk.
FORECAST_DAYS = 60
CONNECT_SECONDS = 5
MOST_PUSH_HOSTS = 5
# Shares of what there is: connections that are used, and files that the file system has left.
MOST_CONNECTIONS = 0.8
FEWEST_FILES = 0.1


def look_here() -> Iterator[Finding]:
    """Give what is wrong; what needs the database only if it can be used."""
    lacking = asyncio.run(Readiness().lacking())
    if "channel_layer" in lacking:
        yield Finding("channel_layer_unreachable", "Redis or Valkey at REDIS_URL does not take what is said to it.")
    if "database" in lacking:
        yield Finding("database_unreachable", "The database of DATABASE_URL does not answer.")
    elif "migrations" in lacking:
        yield Finding("not_migrated", "The database is of an older release than this one.")
    else:
        yield from _database()
        yield from _jobs()
        yield from _push()
        yield from _forecast()
    yield from _gate()
    if not is_kept():
        yield Finding("clock_not_kept", "Nothing on this machine says that it keeps the clock right.")
    yield from _disk(0 if lacking else _held())
    yield from _attachments()
    yield from _backup()


def _database() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA journal_mode")
            if (mode := cursor.fetchone()[0]) != "wal":
                yield Finding("journal_not_wal", f"The SQLite file is in the mode {mode}: writers and readers wait.")
            return
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            cursor.execute("SELECT current_setting(%s)", [name])
            if cursor.fetchone()[0] == "off":
                yield Finding("not_durable", f"{name} of PostgreSQL is off: what was accepted can be lost.")
        cursor.execute("SELECT current_setting('autovacuum')")
        if cursor.fetchone()[0] == "off":
            yield Finding("autovacuum_off", "autovacuum of PostgreSQL is off.")
        cursor.execute("SELECT count(*), current_setting('max_connections')::int FROM pg_stat_activity")
        used, most = cursor.fetchone()
        if used > most * MOST_CONNECTIONS:
            yield Finding("connections_few", f"PostgreSQL has {used} connections of at most {most}.")
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())")
        behind = time.time() - float(cursor.fetchone()[0])
        if abs(behind) > CLOCK_SECONDS:
            yield Finding("clock_of_database", f"The clock of PostgreSQL and this one differ by {abs(behind):.0f} s.")


def _jobs() -> Iterator[Finding]:
    now = time.time()
    last = LogLeaf.objects.order_by("position").last()
    if last is not None and (silent := now - decode(last.body).time / 1000) > LONGEST_SILENCE_SECONDS:
        yield Finding("jobs_silent", f"The key log has had no heartbeat for {silent / 3600:.0f} hours.")
        return
    oldest = Envelope.objects.filter(expires__isnull=False).aggregate(oldest=Min("expires"))["oldest"]
    if oldest is not None and now - oldest > LONGEST_LEFT_SECONDS:
        yield Finding("jobs_silent", f"What expired {(now - oldest) / 3600:.0f} hours ago has not been cleared away.")


def _push() -> Iterator[Finding]:
    if not settings.PUSH_KEY:
        return
    endpoints = PushSubscription.objects.values_list("endpoint", flat=True).iterator()
    hosts = sorted({urlsplit(endpoint).hostname or "" for endpoint in endpoints})
    for host in hosts[:MOST_PUSH_HOSTS]:
        try:
            socket.create_connection((host, 443), timeout=CONNECT_SECONDS).close()
        except OSError:
            yield Finding("push_unreachable", f"The push service {host} can't be reached from this machine.")


def _gate() -> Iterator[Finding]:
    try:
        if oidc.provider_name() is not None:
            oidc.ask_provider()
    except GateUnreachable:
        yield Finding("gate_unreachable", "The provider at OIDC_ISSUER gives no good answer: nobody signs up by it.")


def _held() -> int:
    """Return the bytes of people that this server holds."""
    bodies = Mailbox.objects.aggregate(sum=Sum("bytes"))["sum"] or 0
    return int(bodies + (Attachment.objects.aggregate(sum=Sum("offset"))["sum"] or 0))


def _disk(held: int) -> Iterator[Finding]:
    folder = settings.DATA_DIR
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        yield Finding("data_not_writable", "DATA_DIR can't be written to by this user.")
        return
    free = shutil.disk_usage(folder).free
    if free < GIB:
        yield Finding("disk_full", f"DATA_DIR has {free / GIB:.2f} GiB left.")
    elif free < held + GIB:
        words = f"DATA_DIR has {free / GIB:.0f} GiB left, and people's data has {held / GIB:.0f} GiB"
        yield Finding("disk_small", f"{words}: neither a backup nor as much again fits.")
    files = os.statvfs(folder)
    # Some file systems have no bound, and say 0.
    if settings.ATTACHMENT_STORAGE == "files" and files.f_favail < files.f_files * FEWEST_FILES:
        yield Finding("disk_files", f"The file system of DATA_DIR has room for {files.f_favail} more files.")


def _forecast() -> Iterator[Finding]:
    if not settings.DATA_DIR.is_dir():
        return
    found = forecast()
    if found.day is not None and found.day < FORECAST_DAYS:
        words = f"At the rate of the last {found.days_measured:.0f} days DATA_DIR is full in {found.day:.0f} days."
        yield Finding("disk_forecast", words)


def _attachments() -> Iterator[Finding]:
    try:
        # One that is never there: whether it can be asked is the question.
        storages["attachments"].exists("00/doctor")
    except Exception as error:  # noqa: BLE001 - libraries of object stores have trees of errors of their own
        kind = type(error).__name__
        yield Finding("attachments_unreachable", f"The storage of attachments can't be asked ({kind}).")


def _backup() -> Iterator[Finding]:
    mark = settings.DATA_DIR / MARK
    if not mark.exists():
        yield Finding("backup_unknown", "No backup was ever made by `manage.py backup`.")
    elif (days := (time.time() - mark.stat().st_mtime) / DAY) > BACKUP_DAYS:
        yield Finding("backup_old", f"The last backup is {days:.0f} days old.")
