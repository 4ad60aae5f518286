"""A child that never outlives its parent, whatever ends the parent (Linux; elsewhere it ends with a stop only)."""

import ctypes
import os
import signal
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

PR_SET_PDEATHSIG = 1
# Linux sends the death signal when the *thread* that made the child ends. So all children are made by one thread that
# lives as long as this process.
maker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="children")
# Before any fork: a child must not load libraries.
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def in_child(death_signal: signal.Signals, then: Callable[[], None] | None = None) -> Callable[[], None]:
    """Return what the child does between fork and exec: `then`, and ask to be sent a signal when the parent ends."""
    parent = os.getpid()

    def prepare() -> None:
        if then is not None:
            then()
        # Last: changing the user forgets the wish.
        if _libc is not None:
            _libc.prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
            if os.getppid() != parent:
                os.kill(os.getpid(), signal.SIGKILL)

    return prepare
