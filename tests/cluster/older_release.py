"""The code of the release before, taken out of the history that the checkout has."""

import shutil
import subprocess
import tarfile
from io import BytesIO
from pathlib import Path

from tests.release_before import LAST_MIGRATIONS, RELEASE

ROOT = Path(__file__).resolve().parents[2]
GIT = shutil.which("git") or ""
MIGRATIONS = ":(glob)*/migrations/[0-9]*.py"


class NoHistory(Exception):
    """It can't be had here; says why."""


def older_commit() -> str:
    """Return the release's tag, or the last commit whose migrations are that release's. Raises NoHistory."""
    if not GIT or not (ROOT / ".git").exists():
        raise NoHistory("this is no checkout, or there is no git: there is no history")
    if _git("tag", "--list", f"v{RELEASE}"):
        return f"v{RELEASE}"
    added = _git("log", "--reverse", "--diff-filter=A", "--format=commit %H", "--name-only", "--", MIGRATIONS)
    commit = ""
    for line in added.split("\n"):
        if line.startswith("commit "):
            commit = line.removeprefix("commit ")
        elif line and _is_later(Path(line)):
            return _parent(commit)
    return "HEAD"


def unpack(commit: str, folder: Path) -> None:
    """Write the files of a commit. Raises NoHistory."""
    archive = subprocess.run([GIT, "archive", commit], cwd=ROOT, capture_output=True, check=False)
    if archive.returncode:
        raise NoHistory(f"{commit} is not in this checkout")
    with tarfile.open(fileobj=BytesIO(archive.stdout)) as files:
        # The first releases of Python 3.11 know no filter.
        files.extraction_filter = getattr(tarfile, "data_filter", None)
        files.extractall(folder)  # noqa: S202 - our own files


def _is_later(path: Path) -> bool:
    return path.stem > LAST_MIGRATIONS.get(path.parts[0], "")


def _parent(commit: str) -> str:
    try:
        return _git("rev-parse", "--verify", "--quiet", f"{commit}^")
    except subprocess.CalledProcessError:
        raise NoHistory("the history is shallow: `git fetch --unshallow` brings the rest") from None


def _git(*words: str) -> str:
    return subprocess.run([GIT, *words], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
