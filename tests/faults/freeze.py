"""Stop a process and its children from running, with their sockets open: a machine that hangs."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def frozen(pid: int) -> Iterator[None]:
    """Freeze the process and its children while the body runs; new ones can't come, since the parent is frozen."""
    _tell(pid, signal.SIGSTOP)
    stopped = [pid, *map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]
    for child in stopped[1:]:
        _tell(child, signal.SIGSTOP)
    try:
        yield
    finally:
        for one in stopped:
            _tell(one, signal.SIGCONT)


def _tell(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)
