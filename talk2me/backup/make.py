"""Making a backup while the server runs."""

import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.core.management import CommandError
from django.db import connection

from keys import log_key
from messaging.models import Attachment
from messaging.part_storage import read_part
from talk2me.backup import snapshot
from talk2me.backup.errors import BackupError
from talk2me.backup.file import DATABASE, FORM, KEYS, Writer, part_name, written_whole
from talk2me.checks import OPTIONAL_SECRETS, SECRETS
from talk2me.errors import NotFound

# Its time says when the last backup was made: `manage.py doctor` looks at it.
MARK = "last_backup"


@dataclass
class Made:
    """What is in a backup: accounts, bytes of the database, attachments and their parts, those deleted meanwhile."""

    accounts: int = 0
    database: int = 0
    attachments: int = 0
    parts: int = 0
    bytes: int = 0
    deleted: int = 0


def back_up(path: Path, *, with_keys: bool) -> Made:
    """Write all of this server into one file. Raises BackupError; then there is no file, or the one of before.

    The database first, then what it names: parts never change, so both are of one moment.
    """
    try:
        with (
            tempfile.TemporaryDirectory(prefix=".backup-", dir=path.parent) as folder,
            written_whole(path) as file,
        ):
            made = _write(Writer(file), Path(folder) / DATABASE, with_keys=with_keys)
        (settings.DATA_DIR / MARK).touch()
    except CommandError as error:
        raise BackupError("not_written", str(error)) from error
    except snapshot.FAILURES as error:
        raise BackupError("not_written", f"the backup could not be written ({type(error).__name__})") from error
    return made


def _write(writer: Writer, database: Path, *, with_keys: bool) -> Made:
    made, began = Made(), time.time()
    snapshot.take_snapshot(database)
    deleted = [
        id_ for id_, parts in snapshot.stored_attachments(database) if not _add_attachment(writer, id_, parts, made)
    ]
    snapshot.note_deleted(database, deleted)
    made.deleted, made.database = len(deleted), database.stat().st_size
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
            "key_log": {"key": log_key.vkey(), "leaves": snapshot.log_size(database)},
            "keys": with_keys,
        }
    )
    return made


def _add_attachment(writer: Writer, id_: bytes, parts: int, made: Made) -> bool:
    """Add its parts; say whether all were there. Those of one that was deleted meanwhile may be left in the file."""
    for number in range(parts):
        try:
            body = read_part(id_, number)
        except NotFound:
            _require_deleted(id_)
            return False
        writer.add_bytes(part_name(id_, number), body)
        made.parts += 1
        made.bytes += len(body)
    made.attachments += 1
    return True


def _require_deleted(id_: bytes) -> None:
    """Raise BackupError when its parts are gone by themselves: most often a share that is not mounted."""
    if Attachment.objects.filter(id=id_).exists():
        words = (
            f"parts of attachment {id_.hex()[:8]} are missing, and it was not deleted: is their folder or bucket there?"
        )
        raise BackupError("not_written", words)


def _keys() -> str:
    names = (*SECRETS, *(name for name in OPTIONAL_SECRETS if getattr(settings, name)))
    return "".join(f"{name}={getattr(settings, name)}\n" for name in names)
