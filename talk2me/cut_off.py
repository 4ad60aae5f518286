"""A limit for the whole of an exchange with another server."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Timer


@contextmanager
def cut_off_in_time(connected: socket.socket, seconds: float) -> Iterator[None]:
    """End the connection when its time is over: a limit for each step ends nobody who sends a byte now and then."""
    # A handle of its own: the other one may be closed, and its number be another connection's by then.
    handle = socket.socket(fileno=os.dup(connected.fileno()))

    def cut_off() -> None:
        with suppress(OSError):
            handle.shutdown(socket.SHUT_RDWR)

    timer = Timer(seconds, cut_off)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        handle.close()
