"""The release id: names the exact bytes that are served to browsers."""

import hashlib
from pathlib import Path


def release_id(*folders: Path) -> str:
    """Return 16 hex digits of a SHA-256 over the names and bytes of all files in `folders`."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]
