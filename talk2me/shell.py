"""The static shell: one HTML page, the same bytes for everyone, made once for each process.

It holds the `<template>` elements of the interface and the import map, which names every module with its SHA-384, so
that a browser runs no module whose bytes differ from those the shell was made with.
"""

import base64
import gzip
import hashlib
import json
from functools import cache
from pathlib import Path

import brotli
from django.conf import settings
from django.template.loader import render_to_string
from django.templatetags.static import static

from talk2me import built_page

STATIC = settings.PAGE_DIR


def _digest(algorithm: str, data: bytes) -> str:
    return f"{algorithm}-{base64.b64encode(hashlib.new(algorithm, data).digest()).decode()}"


def modules() -> list[Path]:
    """Return every module a window may load, ours and third parties', in the order of their names."""
    return sorted(STATIC.rglob("*.js"))


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
        "modules": [static(name) for name in built_page.loaded_first()] if settings.PAGE == "built" else [],
        "styles": [static(f"css/{path.name}") for path in sorted((STATIC / "css").glob("*.css"))],
    }
    return render_to_string("shell.html", context).encode()


@cache
def service_worker() -> bytes:
    """Return the service worker's script: what it does is in a file of the release, what it keeps is named here."""
    every = [path.relative_to(STATIC).as_posix() for path in modules()]
    others = [path.relative_to(STATIC).as_posix() for kind in ("css/*", "images/*") for path in STATIC.glob(kind)]
    kept = [*(built_page.kept() if settings.PAGE == "built" else every), *sorted(others)]
    release = {"base": settings.STATIC_URL, "files": [static(name) for name in kept]}
    return f'import {{ start }} from "{static("js/service_worker.js")}";\nstart({json.dumps(release)});\n'.encode()


@cache
def _compressed(encoding: str) -> bytes:
    # The same bytes for everyone hold no secret that their length could tell (BREACH).
    return brotli.compress(page()) if encoding == "br" else gzip.compress(page())


def encoded_page(accepted: str) -> tuple[bytes, str]:
    """Return the shell's bytes in the smallest encoding that an Accept-Encoding header takes, and its name or ""."""
    names = {part.split(";")[0].strip() for part in accepted.split(",") if not part.replace(" ", "").endswith(";q=0")}
    encoding = next((name for name in ("br", "gzip") if name in names), "")
    return (_compressed(encoding), encoding) if encoding else (page(), "")
