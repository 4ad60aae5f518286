"""The release id: names the exact bytes that are served to browsers."""

import hashlib
from pathlib import Path


def release_id(*places: Path) -> str:
    """Return 16 hex digits of a SHA-256 over the names and bytes of all files in `places`, folders or single files."""
    digest = hashlib.sha256()
    for place in places:
        for path in [place] if place.is_file() else sorted(place.rglob("*")):
            if path.is_file():
                digest.update(path.relative_to(place).as_posix().encode() + b"\0")
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]
