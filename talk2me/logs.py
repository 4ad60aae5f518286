"""Logging: nothing that tells who was here."""

import ipaddress
import logging
import re

# Whatever might be an address, with its port; those with colons are parsed to tell them from times and the like.
ADDRESS = re.compile(
    r"(?<![\w.])(?:\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?|\[?[0-9a-fA-F:]*:[0-9a-fA-F:.]*\]?(?::\d+)?)(?![\w])"
)
# An account's id in the path of a request, and the values that PostgreSQL repeats when a constraint is broken.
IDS = re.compile(r"(?<=accounts/)[\w-]{22}|(?<==)\(.*?\)(?= (?:already exists|is not present|is still referenced))")


class PrivateFormatter(logging.Formatter):
    """Replaces network addresses and ids of people by `-`, whichever library wrote them, in tracebacks too."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        """Return the line, its own words cleaned."""
        record.message = clean(record.message)
        return super().formatMessage(record)

    def formatException(self, ei: object) -> str:  # noqa: N802 - logging's name
        """Return the traceback, cleaned."""
        return clean(super().formatException(ei))  # type: ignore[arg-type]  # logging's own union of tuples


def clean(text: str) -> str:
    """Return `text` without addresses and ids."""
    return IDS.sub("-", ADDRESS.sub(_hide, text))


def _hide(found: "re.Match[str]") -> str:
    text = found.group()
    if "." in text and ":" not in text.split(".")[0]:
        return "-"
    try:
        ipaddress.IPv6Address(text.split("]")[0].strip("["))
    except ValueError:
        return text
    return "-"
