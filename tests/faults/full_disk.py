"""A disk without room, made by a limit on the size of each file: needs no root, and the kernel refuses real writes.

PostgreSQL ignores the signal that comes with it, so that such a limit works as a full disk does; so does Python.
"""

import os
import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def no_file_over(size: int, pid: int) -> Iterator[None]:
    """Let neither the process nor its children, present ones and new ones, write a file beyond `size` bytes."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    _limit(pid, children, size)
    try:
        yield
    finally:
        _limit(pid, children, resource.RLIM_INFINITY)


def _limit(pid: int, children: Path, size: int) -> None:
    _limit_one(pid, size)
    # The parent first: whoever is not among its children yet begins with what it has.
    for child in children.read_text().split():
        _limit_one(int(child), size)


def _limit_one(pid: int, size: int) -> None:
    def limit() -> None:
        with suppress(ProcessLookupError):
            _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, hard))

    try:
        owner = Path(f"/proc/{pid}").stat()
    except FileNotFoundError:
        return
    if owner.st_uid == os.geteuid():
        limit()
    else:
        # A process of another user, because PostgreSQL does not run as root: only that user may.
        subprocess.run(
            ["/bin/true"], user=owner.st_uid, group=owner.st_gid, extra_groups=[], preexec_fn=limit, check=True
        )
