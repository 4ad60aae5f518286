"""Making a backup while the server runs."""

import tempfile
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from django.conf import settings
from django.core.management import CommandError
from django.db import connection

from keys import log_key
from messaging.models import Attachment
from messaging.part_storage import has_parts, read_part
from talk2me.backup import snapshot
from talk2me.backup.errors import BackupError
from talk2me.backup.file import DATABASE, FORM, KEYS, Writer, part_name, written_whole
from talk2me.checks import OPTIONAL_SECRETS, SECRETS
from talk2me.errors import NotFound

# Its time says when the last backup was made: `manage.py doctor` looks at it.
MARK = "last_backup"
# So many of what is missing are named in the manifest, which has a bound; the count is of all.
MOST_NAMED = 1000
Taken = Literal["whole", "deleted", "missing"]


@dataclass
class Made:
    """What is in a backup: accounts, bytes of the database, attachments and their parts; and what is not.

    `deleted` were deleted meanwhile; of `missing`, by the beginnings of their ids, parts are gone by themselves.
    """

    accounts: int = 0
    database: int = 0
    attachments: int = 0
    parts: int = 0
    bytes: int = 0
    deleted: int = 0
    missing: list[str] = field(default_factory=list)


def back_up(path: Path, *, with_keys: bool, without_missing: bool = False) -> Made:
    """Write all of this server into one file. Raises BackupError; then there is no file, or the one of before.

    The database first, then what it names: parts never change, so both are of one moment. Where parts of attachments
    are missing that nobody deleted there is no backup, unless it is wanted `without_missing` ones.
    """
    try:
        with (
            tempfile.TemporaryDirectory(prefix=".backup-", dir=path.parent) as folder,
            written_whole(path) as file,
        ):
            database = Path(folder) / DATABASE
            made = _write(Writer(file), database, with_keys=with_keys, without_missing=without_missing)
        (settings.DATA_DIR / MARK).touch()
    except CommandError as error:
        raise BackupError("not_written", str(error)) from error
    except snapshot.FAILURES as error:
        raise BackupError("not_written", f"the backup could not be written ({type(error).__name__})") from error
    return made


def _write(writer: Writer, database: Path, *, with_keys: bool, without_missing: bool) -> Made:
    made, began = Made(), time.time()
    snapshot.take_snapshot(database)
    gone: list[bytes] = []
    for id_, parts in snapshot.stored_attachments(database):
        taken = _add_attachment(writer, id_, parts, made)
        if taken == "missing":
            _allow_missing(id_, without_missing=without_missing)
            made.missing.append(_beginning(id_))
        elif taken == "deleted":
            made.deleted += 1
        if taken != "whole":
            gone.append(id_)
    # Nobody shall find what can't be read any more.
    snapshot.note_deleted(database, gone)
    made.database = database.stat().st_size
    made.accounts = snapshot.count_accounts(database)
    with database.open("rb") as content:
        writer.add(DATABASE, made.database, content)
    if with_keys:
        writer.add_bytes(KEYS, _keys().encode())
    writer.finish(
        {
            "form": FORM,
            "version": settings.VERSION,
            "made": datetime.fromtimestamp(began, UTC).isoformat(timespec="seconds"),
            "origin": settings.ORIGIN,
            "from": connection.vendor,
            "database": {"bytes": made.database},
            "attachments": {"count": made.attachments, "parts": made.parts, "bytes": made.bytes},
            "deleted_meanwhile": made.deleted,
            "missing": {"count": len(made.missing), "attachments": made.missing[:MOST_NAMED]},
            "key_log": {"key": log_key.vkey(), "leaves": snapshot.log_size(database)},
            "keys": with_keys,
        }
    )
    return made


def _add_attachment(writer: Writer, id_: bytes, parts: int, made: Made) -> Taken:
    """Add its parts; say what became of it. Those of one that is not whole may be left in the file."""
    for number in range(parts):
        try:
            body = read_part(id_, number)
        except NotFound:
            return "missing" if Attachment.objects.filter(id=id_).exists() else "deleted"
        writer.add_bytes(part_name(id_, number), body)
        made.parts += 1
        made.bytes += len(body)
    made.attachments += 1
    return "whole"


def _allow_missing(id_: bytes, *, without_missing: bool) -> None:
    """Raise BackupError where parts are gone by themselves, unless that is known and some others are there.

    Most often it is a share that is not mounted: then all of them are missing.
    """
    if not without_missing:
        words = (
            f"parts of attachment {_beginning(id_)} are missing, and it was not deleted: is their folder or bucket "
            "there? If they are lost for good: --without-missing"
        )
        raise BackupError("not_written", words)
    if not has_parts():
        words = "no part of any attachment is there: not even --without-missing takes that for a loss"
        raise BackupError("not_written", words)


def _beginning(id_: bytes) -> str:
    """Return what operators see of an id: whoever has all of it may read."""
    return id_.hex()[:8]


def _keys() -> str:
    names = (*SECRETS, *(name for name in OPTIONAL_SECRETS if getattr(settings, name)))
    return "".join(f"{name}={getattr(settings, name)}\n" for name in names)
