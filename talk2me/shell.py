"""The static shell: one HTML page, the same bytes for everyone, made once for each process.

It holds the `<template>` elements of the interface and the import map, which names every module with its SHA-384, so
that a browser runs no module whose bytes differ from those the shell was made with.
"""

import base64
import hashlib
import json
from functools import cache
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.templatetags.static import static

STATIC = settings.BASE_DIR / "static"


def _digest(algorithm: str, data: bytes) -> str:
    return f"{algorithm}-{base64.b64encode(hashlib.new(algorithm, data).digest()).decode()}"


def modules() -> list[Path]:
    """Return every module a window may load, ours and third parties', in the order of their names."""
    return sorted([*(STATIC / "js").rglob("*.js"), *(STATIC / "vendor").glob("*.js")])


@cache
def import_map() -> str:
    """Return the import map's JSON text: an integrity hash for each module."""
    integrity = {
        static(path.relative_to(STATIC).as_posix()): _digest("sha384", path.read_bytes()) for path in modules()
    }
    return json.dumps({"integrity": integrity}, separators=(",", ":"))


def import_map_hash() -> str:
    """Return the hash that allows this one inline element in the Content Security Policy."""
    return _digest("sha256", import_map().encode())


@cache
def page() -> bytes:
    """Return the shell's bytes."""
    context = {
        "import_map": import_map(),
        "entry_integrity": _digest("sha384", (STATIC / "js/app.js").read_bytes()),
        "modules": [static(path.relative_to(STATIC).as_posix()) for path in modules()],
        "styles": [static(f"css/{path.name}") for path in sorted((STATIC / "css").glob("*.css"))],
    }
    return render_to_string("shell.html", context).encode()
