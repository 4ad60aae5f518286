"""Where the parts of attachments are: objects `<2 hex>/<id hex>/<number>` of STORAGES["attachments"].

Everything that goes wrong there is `storage_failed`, whichever storage it is, and the log gets the kind of it alone:
storages name paths and addresses in their errors.
"""

import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, storages

from talk2me.errors import NotFound, StorageFailed

logger = logging.getLogger(__name__)

AGAIN_SECONDS = 5


class PartStorage(FileSystemStorage):
    """Files that are durable when they are there, and never there in half."""

    def _save(self, name: str, content: Any) -> str:
        """Write beside, flush to the disk, then rename. One writer for each folder: its attachment's row is locked."""
        path = Path(self.path(name))
        is_first = not path.parent.is_dir()
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside = path.with_name("new")
        with open(beside, "wb", opener=_private) as file:
            file.write(content.read())
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
        # A folder that is new has to be found again as well.
        for folder in [path.parent, *(path.parents[1:3] if is_first else ())]:
            _flush_folder(folder)
        return name

    def delete_folder(self, name: str) -> None:
        """Delete a folder with all that is in it, if it is there."""
        with suppress(FileNotFoundError):
            shutil.rmtree(self.path(name))


def put_part(attachment: bytes, number: int, body: bytes) -> None:
    """Store a part, in the place of one that is there. Raises StorageFailed."""
    with _told():
        storages["attachments"].save(_name(attachment, number), ContentFile(body))


def read_part(attachment: bytes, number: int) -> bytes:
    """Return a part. Raises NotFound when it was deleted, StorageFailed."""
    with _told():
        try:
            with storages["attachments"].open(_name(attachment, number)) as file:
                return bytes(file.read())
        except FileNotFoundError:
            raise NotFound from None


def delete_parts(attachment: bytes, count: int) -> None:
    """Delete the first `count` parts, those that are there. Raises StorageFailed."""
    storage = storages["attachments"]
    with _told():
        if isinstance(storage, PartStorage):
            storage.delete_folder(_folder(attachment))
            return
        for number in range(count):
            storage.delete(_name(attachment, number))


def has_parts() -> bool:
    """Say whether anything is stored; a folder with nothing in it is nothing. Raises StorageFailed."""
    with _told():
        return _holds_any("")


def _holds_any(folder: str) -> bool:
    try:
        folders, files = storages["attachments"].listdir(folder)
    except FileNotFoundError:
        return False
    return bool(files) or any(_holds_any(f"{folder}/{inner}" if folder else inner) for inner in folders)


def _folder(attachment: bytes) -> str:
    digits = attachment.hex()
    return f"{digits[:2]}/{digits}"


def _name(attachment: bytes, number: int) -> str:
    return f"{_folder(attachment)}/{number}"


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _flush_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except NotFound:
        raise
    except Exception as error:  # noqa: BLE001 - libraries of object stores have trees of errors of their own
        logger.warning("parts of attachments can't be reached", extra={"error": type(error).__name__})
        raise StorageFailed(retry_after=AGAIN_SECONDS) from None
