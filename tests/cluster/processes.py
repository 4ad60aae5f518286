"""Processes as Linux shows them in /proc."""

import time
from collections.abc import Callable
from pathlib import Path


def gone(pid: int) -> bool:
    """Whether a process has ended; one that nobody has waited for yet counts as ended."""
    fields = _stat(pid)
    return fields is None or fields[0] == "Z"


def descendants(pid: int) -> dict[int, str]:
    """Children, and their children, with their command lines."""
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        fields = _stat(int(folder.name))
        if fields and fields[0] != "Z":
            parents[int(folder.name)] = int(fields[1])
    found: dict[int, str] = {}
    pids = [pid]
    while pids:
        pids = [child for child, parent in parents.items() if parent in pids and child not in found]
        found |= {child: _command(child) for child in pids}
    return found


def until(condition: Callable[[], bool], seconds: float) -> None:
    """Wait for a condition."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)


def until_gone(pids: list[int]) -> None:
    until(lambda: all(map(gone, pids)), 60)


def _stat(pid: int) -> list[str] | None:
    """State, parent and more."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""
