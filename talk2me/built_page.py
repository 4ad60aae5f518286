"""What `npm run page` has made in built/ of the modules, styles and pictures in static/, and of what.

The standard library only: scripts/set_up.py asks before anything is installed.
"""

import hashlib
import json
from pathlib import Path
from typing import TypedDict

_ROOT = Path(__file__).resolve().parent.parent
FOLDER = _ROOT / "built"
# As in scripts/build_page.js.
_MADE_OF = (
    "package-lock.json", "scripts/build_page.js", "static/css", "static/images", "static/js", "static/operators",
    "static/vendor",
)  # fmt: skip


def is_current() -> bool:
    """Tell whether it is there, and made of the present sources."""
    return _about()["made_of"] == _digest_of_sources()


def loaded_first() -> list[str]:
    """Return the names in `FOLDER` of the modules that run before anything is shown; none if nothing is built."""
    return _about()["first"]


def kept() -> list[str]:
    """Return the names in `FOLDER` of the modules that a browser keeps to work without a network."""
    return _about()["kept"]


class _About(TypedDict):
    made_of: str
    first: list[str]
    kept: list[str]


def _about() -> _About:
    note = FOLDER / ".page.json"
    found: _About = json.loads(note.read_bytes()) if note.exists() else {"made_of": "", "first": [], "kept": []}
    return found


def _digest_of_sources() -> str:
    digest = hashlib.sha256()
    paths = [path for name in _MADE_OF for path in ([_ROOT / name, *(_ROOT / name).rglob("*")])]
    names = [path.relative_to(_ROOT).as_posix() for path in paths if path.is_file() and not path.name.startswith(".")]
    for name in sorted(names):
        digest.update(f"{name}\0".encode() + hashlib.sha256((_ROOT / name).read_bytes()).digest())
    return digest.hexdigest()
