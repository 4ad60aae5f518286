"""A whole log as a file: the signed note, an empty line, and the leaves one after the other."""

from collections.abc import Iterator
from typing import BinaryIO

from keys.key_log.errors import KeyLogInvalid
from keys.key_log.leaf import BYTES

# A signed note with as many signatures as one may have is shorter.
MOST_NOTE_BYTES = 64 * 1024


def write_head(file: BinaryIO, note: str) -> None:
    """Write what stands before the leaves."""
    file.write(note.encode() + b"\n")


def read_head(file: BinaryIO) -> str:
    """Return the signed note and stop before the first leaf. Raises KeyLogInvalid."""
    lines: list[bytes] = []
    # The text, an empty line, the signatures, an empty line.
    while lines.count(b"\n") < 2:
        line = file.readline(MOST_NOTE_BYTES)
        lines.append(line)
        if not line.endswith(b"\n") or sum(map(len, lines)) > MOST_NOTE_BYTES:
            raise KeyLogInvalid
    try:
        return b"".join(lines[:-1]).decode()
    except UnicodeDecodeError as error:
        raise KeyLogInvalid from error


def read_leaves(file: BinaryIO) -> Iterator[bytes]:
    """Give the leaves of 106 bytes; what is left over at the end comes as it is, shorter."""
    while leaf := file.read(BYTES):
        yield leaf
