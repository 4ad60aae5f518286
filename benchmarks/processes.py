"""Processor time and memory of processes and all that they have started (proc(5))."""

import os
from collections.abc import Iterable
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


def _fields(process: int) -> list[str]:
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()


def trees(roots: Iterable[int]) -> set[int]:
    """Return the processes `roots` and their descendants."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                children.setdefault(int(_fields(int(entry.name))[1]), []).append(int(entry.name))
            except OSError:
                continue
    found: set[int] = set()
    waiting = list(roots)
    while waiting:
        process = waiting.pop()
        if process not in found:
            found.add(process)
            waiting += children.get(process, [])
    return found


def processor_seconds(roots: Iterable[int]) -> float:
    """Return the processor time that the trees have used so far, that of children that have ended included."""
    total = 0
    for process in trees(roots):
        try:
            total += sum(map(int, _fields(process)[11:15]))
        except OSError:
            continue
    return total / TICKS


def resident_bytes(roots: Iterable[int]) -> int:
    """Return the resident memory of the trees."""
    total = 0
    for process in trees(roots):
        try:
            total += int(_fields(process)[21])
        except OSError:
            continue
    return total * PAGE


def processor_seconds_of_thread(native_id: int) -> float:
    """Return the processor time of a thread of this process; 0 when it has ended."""
    try:
        fields = Path(f"/proc/self/task/{native_id}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICKS


def machine_seconds() -> float:
    """Return the time that all processors together have worked so far, or were kept from it by a host."""
    user, nice, system, _, _, interrupt, soft, steal = map(int, Path("/proc/stat").read_text().split()[1:9])
    return (user + nice + system + interrupt + soft + steal) / TICKS
