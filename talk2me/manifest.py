"""The manifest: every file that a browser gets as part of the page, with its hash and the headers that go with it.

It holds no time, no path of this machine and no setting, so whoever builds the same release anywhere gets the same
bytes. docs/code_integrity.md says what it is good for.
"""

import hashlib
import json
import re
from functools import cache
from typing import TypedDict

from django.conf import settings
from django.templatetags.static import static

from talk2me import security_headers, shell

FORMAT = "talk2me/manifest/1"
TYPES = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webmanifest": "application/manifest+json",
}
CODE = {"text/javascript", "text/css"}
# For the type checker alone: no browser asks for them.
LEFT_OUT = {".ts"}
# Neither are files that editors and systems leave; Django does not put them in place.
LEFT_BY_OTHERS = re.compile(r"(^|/)(\.|CVS(/|$))|~$")
# Depends on the host's address, so it is nothing of a release.
OF_THE_HOST = "Strict-Transport-Security"
NOT_KEPT = {"Cache-Control": "no-cache"}


class Entry(TypedDict):
    """What is served under one path: `sha256` in hex, `size` in bytes, `headers` names one of the manifest's sets."""

    sha256: str
    size: int
    type: str
    headers: str


class Manifest(TypedDict):
    """`release` is the one in the addresses of the files; `headers` has three sets, `paths` an entry for each path."""

    format: str
    version: str
    release: str
    headers: dict[str, dict[str, str]]
    paths: dict[str, Entry]


class UnknownKind(Exception):
    """A file in `static/` of a kind that browsers are not served: the manifest would not be whole without it."""


class ManifestInvalid(Exception):
    """Bytes that are no manifest of this format, or not written as one."""


def contents() -> dict[str, bytes]:
    """Return the bytes that are served under each path, uncompressed. Raises UnknownKind."""
    found = {"/": shell.page(), "/service_worker.js": shell.service_worker()}
    for path in sorted(shell.STATIC.rglob("*")):
        name = path.relative_to(shell.STATIC).as_posix()
        if not path.is_file() or path.suffix in LEFT_OUT or LEFT_BY_OTHERS.search(name):
            continue
        if path.suffix not in TYPES:
            raise UnknownKind(name)
        found[static(name)] = path.read_bytes()
    return found


def build() -> Manifest:
    """Return the manifest of this checkout. Raises UnknownKind."""
    policies = {name: value for name, value in security_headers.for_app().items() if name != OF_THE_HOST}
    return {
        "format": FORMAT,
        "version": settings.VERSION,
        "release": settings.RELEASE,
        "headers": {"page": policies | NOT_KEPT, "picture": policies, "code": security_headers.COMMON},
        "paths": {path: _entry(path, data) for path, data in contents().items()},
    }


def write(manifest: Manifest) -> bytes:
    """Return the one form in which a manifest is written: sorted, a value a line."""
    return json.dumps(manifest, indent=1, sort_keys=True).encode() + b"\n"


def read(data: bytes) -> Manifest:
    """Return what such bytes say. Raises ManifestInvalid for anything that `write` would not have written."""
    try:
        found: Manifest = json.loads(data)
        if found["format"] == FORMAT and {*found} == {*Manifest.__annotations__} and write(found) == data:
            return found
    except (ValueError, TypeError, KeyError) as error:
        raise ManifestInvalid from error
    raise ManifestInvalid


@cache
def digest() -> str:
    """Return the SHA-256 of this checkout's manifest, in hex. Raises UnknownKind."""
    return hashlib.sha256(write(build())).hexdigest()


def differences(ours: Manifest, theirs: Manifest) -> list[str]:
    """Return a sentence for each thing that differs; none where the two say the same."""
    found = [
        f"{name}: here {ours[name]}, there {theirs[name]}"
        for name in ("format", "version", "release")
        if ours[name] != theirs[name]
    ]
    found += [
        f"other headers for: {name}"
        for name in sorted({*ours["headers"], *theirs["headers"]})
        if ours["headers"].get(name) != theirs["headers"].get(name)
    ]
    for path in sorted({*ours["paths"], *theirs["paths"]}):
        here, there = ours["paths"].get(path), theirs["paths"].get(path)
        if here is None or there is None:
            found.append(f"{'only there' if here is None else 'only here'}: {path}")
        elif here != there:
            found.append(f"differs: {path}")
    return found


def _entry(path: str, data: bytes) -> Entry:
    kind = TYPES.get("." + path.rpartition(".")[2], "text/html")
    headers = "page" if not path.startswith(settings.STATIC_URL) else "code" if kind in CODE else "picture"
    return {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data), "type": kind, "headers": headers}
