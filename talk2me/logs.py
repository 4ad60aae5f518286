"""Logging: one event a line, as words or as JSON, and nothing that tells who was here.

Whoever logs may add `extra={...}` with the fields below: numbers, and words from closed sets.
"""

import json
import logging
import time
import traceback
from collections.abc import Iterator
from typing import Any

from talk2me.redaction import redact

FIELDS = ("part", "job", "outcome", "code", "envelopes", "seconds", "port", "error")


class PrivateFormatter(logging.Formatter):
    """`2026-01-31T12:00:00.000Z WARNING messaging.writer 4711 slow batch envelopes=12 seconds=3.1`, then a traceback.

    Addresses and ids are replaced by `-`, whichever library wrote them.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the event; a traceback takes lines of its own."""
        event = _event(record)
        exception = event.pop("exception", None)
        head = " ".join(str(event.pop(name)) for name in ("time", "level", "logger", "worker"))
        # A line break in what somebody sent must not look like another event.
        words = str(event.pop("event")).replace("\r", "\\r").replace("\n", "\\n")
        line = " ".join([head, words, *(f"{name}={value}" for name, value in event.items())])
        return f"{line}\n{exception}" if exception else line


class JsonFormatter(logging.Formatter):
    """The same as one JSON object a line: time, level, logger, worker, event, fields, exception."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the event."""
        return json.dumps(_event(record))


def _event(record: logging.LogRecord) -> dict[str, Any]:
    event: dict[str, Any] = {
        "time": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created)) + f".{int(record.msecs):03d}Z",
        "level": record.levelname,
        "logger": record.name,
        "worker": record.process,
        "event": redact(record.getMessage()),
    }
    for name in FIELDS:
        value = getattr(record, name, None)
        if value is not None:
            event[name] = value if isinstance(value, int | float) else redact(str(value))
    if record.exc_info and record.exc_info[1] is not None:
        event["exception"] = "".join(_lines(traceback.TracebackException.from_exception(record.exc_info[1]))).rstrip()
    return event


def _lines(found: traceback.TracebackException) -> Iterator[str]:
    """Yield a traceback. Its frames are our own code and stay as they are; what an exception says may hold anything."""
    earlier = found.__cause__ or (None if found.__suppress_context__ else found.__context__)
    if earlier is not None:
        yield from _lines(earlier)
        yield "which led to:\n"
    yield from found.stack.format()
    kind = found.exc_type.__qualname__ if found.exc_type else ""
    before, name, words = "".join(found.format_exception_only()).partition(kind)
    yield before + name + redact(words)
    for one in found.exceptions or ():
        yield from _lines(one)
