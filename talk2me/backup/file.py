"""The form of a backup: a tar whose last member is the SHA-256 of every byte before it.

Members, in this order: `attachments/<2 hex>/<id hex>/<number>` for each part, `database.sqlite3`, `keys.env` where it
was asked for, `manifest.json`, `sha256`. No member is ever unpacked by its name, so a name leads nowhere.
"""

import hashlib
import io
import json
import os
import re
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from talk2me.backup.errors import BackupError

FORM = 1
DATABASE, KEYS, MANIFEST, DIGEST = "database.sqlite3", "keys.env", "manifest.json", "sha256"
PART = re.compile(r"attachments/[0-9a-f]{2}/([0-9a-f]{32})/(0|[1-9][0-9]{0,8})")
PIECE = 1024 * 1024
HEX_DIGITS = 64
MOST_MANIFEST_BYTES = 64 * 1024


def part_name(attachment: bytes, number: int) -> str:
    """Return the name of the member that holds a part."""
    digits = attachment.hex()
    return f"attachments/{digits[:2]}/{digits}/{number}"


class _Forgetful(tarfile.TarFile):
    """Keeps no list of its members, which may be very many."""

    members: list[tarfile.TarInfo]

    def forget(self) -> None:
        self.members.clear()


class _Counted(io.RawIOBase):
    """What is written through it is hashed."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.hash = hashlib.sha256()
        self.length = 0

    def write(self, data: Any) -> int:
        self._file.write(data)
        self.hash.update(data)
        self.length += len(data)
        return len(data)

    def tell(self) -> int:
        return self.length


class Writer:
    """Adds members, one after the other."""

    def __init__(self, file: IO[bytes]) -> None:
        self._counted = _Counted(file)
        # GNU's form has room for sizes of 8 GiB and more, in a head that is one block as any other.
        self._tar = _Forgetful(fileobj=self._counted, mode="w", format=tarfile.GNU_FORMAT)

    def add(self, name: str, size: int, content: IO[bytes]) -> None:
        """Add `size` bytes of `content`."""
        member = tarfile.TarInfo(name)
        member.size, member.mode = size, 0o600
        self._tar.addfile(member, content)
        self._tar.forget()

    def add_bytes(self, name: str, body: bytes) -> None:
        """Add a member that is in memory."""
        self.add(name, len(body), io.BytesIO(body))

    def finish(self, manifest: dict[str, Any]) -> None:
        """Add the manifest, and the digest of all that stands before it."""
        self.add_bytes(MANIFEST, json.dumps(manifest, indent=1).encode() + b"\n")
        self.add_bytes(DIGEST, self._counted.hash.hexdigest().encode())
        self._tar.close()


@contextmanager
def written_whole(path: Path) -> Iterator[IO[bytes]]:
    """Give a file that only its owner may read, and that takes the name `path` once it is whole and on the disk."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        with suppress(FileNotFoundError):
            beside.unlink()
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def members(path: Path) -> Iterator[tuple[tarfile.TarInfo, IO[bytes]]]:
    """Give each member with its content, in order. Raises BackupError."""
    try:
        with _Forgetful(path, "r") as tar:
            while (member := tar.next()) is not None:
                tar.forget()
                content = tar.extractfile(member) if member.isreg() else None
                if content is None:
                    raise _broken()
                yield member, content
    except (tarfile.TarError, EOFError, ValueError) as error:
        raise _broken() from error


def read_manifest(path: Path) -> dict[str, Any]:
    """Read every byte; return the manifest if all of them are as they were written. Raises BackupError, OSError."""
    names, manifest, digest, end = [], b"", b"", 0
    for member, content in members(path):
        if not PART.fullmatch(member.name):
            names.append(member.name)
        if member.name == MANIFEST and member.size <= MOST_MANIFEST_BYTES:
            manifest = content.read()
        if member.name == DIGEST and member.size == HEX_DIGITS:
            digest, end = content.read(), member.offset
    if [name for name in names if name != KEYS] != [DATABASE, MANIFEST, DIGEST] or digest != _digest(path, end):
        raise _broken()
    found: dict[str, Any] = json.loads(manifest)
    if found["form"] != FORM:
        raise BackupError("backup_newer", "another release has made this file, in a form that this one does not know")
    return found


def _digest(path: Path, end: int) -> bytes:
    """Return the digest of the bytes up to `end`; nothing if what follows the last member is not as tar leaves it."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(min(PIECE, end - file.tell())):
            digest.update(piece)
        head = file.read(tarfile.BLOCKSIZE + HEX_DIGITS)
        rest = file.read()
        is_whole = (
            len(head) == tarfile.BLOCKSIZE + HEX_DIGITS
            and len(rest) >= tarfile.BLOCKSIZE * 3 - HEX_DIGITS
            and file.tell() % tarfile.RECORDSIZE == 0
            and not rest.strip(b"\0")
        )
    return digest.hexdigest().encode() if is_whole else b""


def _broken() -> BackupError:
    return BackupError("backup_broken", "this is no backup, or it is cut or changed: take another copy of it")
