"""SQLite's write-ahead log, which keeps what was deleted until it is written over."""

from django.conf import settings
from django.db import connection


def shorten_log() -> None:
    """Let it forget; nothing on other databases, nor inside a transaction.

    Waits a second for those who read or write just now. Where they are longer it stays as it is until the next time.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 1000")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.execute(f"PRAGMA busy_timeout = {settings.DATABASES['default']['OPTIONS']['timeout'] * 1000}")
