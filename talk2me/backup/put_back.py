"""Putting a backup into an empty place."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import transaction

from keys import log_key
from keys.key_log.audit import Difference
from keys.key_log.errors import KeyLogInvalid
from keys.services import continue_log, delete_key_packages
from messaging.part_storage import delete_parts, has_parts, put_part
from messaging.services.go_on_elsewhere import go_on_elsewhere
from talk2me.backup import snapshot
from talk2me.backup.errors import BackupError
from talk2me.backup.file import DATABASE, KEYS, PART, members, read_manifest
from talk2me.copying import copy_from_sqlite, require_unused


@dataclass
class PutBack:
    """What came out of it: rows by model, attachments' parts, and what there is to say about keys and log."""

    manifest: dict[str, Any]
    rows: dict[str, int]
    parts: int
    leaves_added: int | None
    other_keys: list[str]

    @property
    def is_same_log(self) -> bool:
        """Whether the log goes on under the key that has signed it."""
        return bool(self.manifest["key_log"]["key"] == log_key.vkey())


def restore(path: Path, log: Path | None = None) -> PutBack:
    """Check every byte of the backup, then put it into this server's empty database and storage.

    `log` is a newer export of the key log that it goes on with. Raises BackupError; then nothing was written, or what
    was written was taken back.
    """
    try:
        manifest = read_manifest(path)
        settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
        _require_place(manifest)
        with tempfile.TemporaryDirectory(prefix=".restore-", dir=settings.DATA_DIR) as folder:
            database = Path(folder) / DATABASE
            other_keys = _unpack(path, database)
            if snapshot.is_newer(database):
                raise BackupError("backup_newer", "a later release has changed its database: take that release")
            snapshot.migrate(database)
            call_command("migrate", verbosity=0, interactive=False)
            with _parts_taken_back() as written:
                parts = _put_parts(path, written)
                rows, added = _put_rows(database, log)
    except CommandError as error:
        raise BackupError("not_restored", str(error)) from error
    except snapshot.FAILURES as error:
        raise BackupError("not_restored", f"it could not be put back ({type(error).__name__})") from error
    return PutBack(manifest, rows, parts, added, other_keys)


def _require_place(manifest: dict[str, Any]) -> None:
    if manifest["origin"] != settings.ORIGIN:
        words = f"it is of {manifest['origin']}, and this is {settings.ORIGIN}: accounts belong to their ORIGIN"
        raise BackupError("other_origin", words)
    try:
        require_unused()
    except CommandError as error:
        raise BackupError("place_not_empty", str(error)) from error
    if has_parts():
        raise BackupError("place_not_empty", "there are attachments already: take an empty folder or bucket")


def _unpack(path: Path, database: Path) -> list[str]:
    """Write the database of the backup; return the names of keys in it that are not those of the settings."""
    other: list[str] = []
    for member, content in members(path):
        if member.name == DATABASE:
            with database.open("wb") as file:
                shutil.copyfileobj(content, file)
        elif member.name == KEYS:
            lines = (line.partition("=") for line in content.read().decode().splitlines())
            other = [name for name, _, value in lines if getattr(settings, name, "") != value]
    return other


@contextmanager
def _parts_taken_back() -> Iterator[dict[bytes, int]]:
    """Give a place to note which parts were written: if anything fails they go again."""
    written: dict[bytes, int] = {}
    try:
        yield written
    except BaseException:
        for id_, parts in written.items():
            delete_parts(id_, parts)
        raise


def _put_parts(path: Path, written: dict[bytes, int]) -> int:
    count = 0
    for member, content in members(path):
        if name := PART.fullmatch(member.name):
            _put_part(bytes.fromhex(name[1]), int(name[2]), content, written)
            count += 1
    return count


def _put_part(id_: bytes, number: int, content: IO[bytes], written: dict[bytes, int]) -> None:
    written[id_] = max(written.get(id_, 0), number + 1)
    put_part(id_, number, content.read())


def _put_rows(database: Path, log: Path | None) -> tuple[dict[str, int], int | None]:
    """Copy all rows, and make of them a server that can go on, in one transaction."""
    with transaction.atomic():
        rows = copy_from_sqlite(database)
        delete_key_packages()
        go_on_elsewhere()
        try:
            return rows, continue_log(log) if log else None
        except (Difference, KeyLogInvalid, FileNotFoundError) as error:
            raise BackupError("log_not_continued", f"{log}: {error or 'this server has not signed it'}") from error
