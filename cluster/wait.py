"""Waiting for a condition, bounded."""

import time
from collections.abc import Callable

EVERY_SECONDS = 0.05


class NotReady(Exception):
    """Something did not happen in time; the text says what, with the end of the log where there is one."""


def until(condition: Callable[[], bool], what: str, seconds: float) -> None:
    """Return as soon as `condition()` is true; raise NotReady(`what`) after so many seconds."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise NotReady(what)
        time.sleep(EVERY_SECONDS)
