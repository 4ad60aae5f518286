"""The database of one moment as a SQLite file, whichever database this server has."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader

from keys.log_storage.check import one_moment
from talk2me.copying import copy_to_sqlite
from talk2me.errors import StorageFailed

# What disks, databases, storages and the migrating process raise.
FAILURES = (OSError, StorageFailed, DatabaseError, sqlite3.Error, subprocess.SubprocessError)
ATTACHMENTS = "SELECT id, offset, part FROM messaging_attachment ORDER BY id"
REMAINS = (
    "INSERT INTO messaging_attachmentremains SELECT id, (size + part - 1) / part FROM messaging_attachment WHERE id = ?"
)
GONE = "DELETE FROM messaging_attachment WHERE id = ?"


def take_snapshot(file: Path) -> None:
    """Write the database as it is now into a new file, while others write."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with closing(sqlite3.connect(file)) as copy:
            # All pages in one step: in the mode in which our database is (WAL), that keeps no writer waiting.
            connection.connection.backup(copy)
    else:
        migrate(file)
        with one_moment():
            copy_to_sqlite(file)
    with closing(sqlite3.connect(file)) as copy:
        # One file, with nothing beside it.
        copy.execute("PRAGMA journal_mode=DELETE")


def migrate(file: Path) -> None:
    """Bring a SQLite file up to this release, in a process of its own: migrations look at the database of the settings.

    Raises one of FAILURES.
    """
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0", "--no-input"],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DATABASE_URL": f"sqlite:///{file}"},
        capture_output=True,
        check=True,
    )


def is_newer(file: Path) -> bool:
    """Say whether a later release than this one has changed the tables of a snapshot."""
    with _open(file) as copy:
        applied = set(copy.execute("SELECT app, name FROM django_migrations"))
    return not applied <= MigrationLoader(None).disk_migrations.keys()


def stored_attachments(file: Path) -> Iterator[tuple[bytes, int]]:
    """Give the id of each attachment that the snapshot knows, and how many parts of it are stored."""
    with _open(file) as copy:
        for id_, offset, part in copy.execute(ATTACHMENTS):
            yield id_, -(-offset // part)


def note_deleted(file: Path, ids: Sequence[bytes]) -> None:
    """Say in the snapshot that these were deleted meanwhile, as the server itself says it."""
    with _open(file) as copy, copy:
        copy.executemany(REMAINS, [(id_,) for id_ in ids])
        copy.executemany(GONE, [(id_,) for id_ in ids])


def log_size(file: Path) -> int:
    """Return how many leaves the key log of a snapshot has."""
    with _open(file) as copy:
        row = copy.execute("SELECT size FROM keys_logstate").fetchone()
    return int(row[0]) if row else 0


def count_accounts(file: Path) -> int:
    """Return how many accounts a snapshot has."""
    with _open(file) as copy:
        return int(copy.execute("SELECT count(*) FROM keys_account").fetchone()[0])


@contextmanager
def _open(file: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(file)) as copy:
        yield copy
