"""Gets to the one process that has a folder open: starts it, or joins the one that another command has started."""

from __future__ import annotations

import contextlib
import fcntl
import os
import socket
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

from client.errors import Failed
from client.find_node import find_node
from client.link import Link

if TYPE_CHECKING:
    from client.link import OnAlert
    from client.state import State

_MAIN = Path(__file__).resolve().parent / "host" / "main.js"
_LOOK_AGAIN = 0.1
# It ends what it has begun (main.js, SETTLE_LIMIT), and then itself.
_END_LIMIT = 20


def connect(state: State, wait: float, *, brief: bool, on_alert: OnAlert) -> Link:
    """Return an open link. Raises `Failed`: `state_busy`, `storage_damaged`, what `State` raises."""
    opening = {"origin": state.origin, "secret": state.secret().hex(), "brief": brief}
    deadline = time.monotonic() + wait
    while True:
        lock = _try_lock(state)
        link = _start(state, lock, on_alert) if lock is not None else _join(state, on_alert)
        if link is not None:
            try:
                link.ask("host", "open", opening, wait)
            except Failed as error:
                link.close()
                # The one that was joined was about to end.
                if error.code != "interrupted" or lock is not None:
                    raise
            else:
                return link
        if time.monotonic() > deadline:
            raise Failed("state_busy")
        time.sleep(_LOOK_AGAIN)


def _try_lock(state: State) -> int | None:
    """Return an open, locked file. The lock is the process's that inherits it, until that ends."""
    descriptor = os.open(state.folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor


def _start(state: State, lock: int, on_alert: OnAlert) -> Link:
    path = state.socket
    try:
        process = subprocess.Popen(  # noqa: S603 - our own words
            [find_node(), "--disable-warning=ExperimentalWarning", str(_MAIN), str(path.parent)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=_stderr(), text=True, encoding="utf-8",
            pass_fds=(lock,), start_new_session=True,
        )  # fmt: skip
    finally:
        os.close(lock)
    reader, writer = process.stdout, process.stdin
    assert reader is not None and writer is not None  # noqa: S101, PT018 - pipes, as was asked for

    def close() -> None:
        with contextlib.suppress(OSError):
            writer.close()
        link.wait(_END_LIMIT)
        process.poll()

    link = Link(reader, writer, close, on_alert)
    return link


def _stderr() -> int | None:
    """Return where the process may write. It may outlive this one, whose readers must not wait for it."""
    return None if os.environ.get("TALK2ME_FAULTS") else subprocess.DEVNULL


def _join(state: State, on_alert: OnAlert) -> Link | None:
    other = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        other.connect(str(state.socket))
    except OSError:
        other.close()
        return None

    def close() -> None:
        with contextlib.suppress(OSError):
            other.shutdown(socket.SHUT_RDWR)
        other.close()

    return Link(other.makefile("r", encoding="utf-8"), other.makefile("w", encoding="utf-8"), close, on_alert)
