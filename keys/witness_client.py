"""Asking a witness, over https: nothing it does can keep us for longer, or make us hold more, than is said here."""

from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from talk2me.cut_off import cut_off_in_time

# To connect, and for each step of the exchange; all of it.
STEP_SECONDS = 5.0
WHOLE_SECONDS = 10.0
MOST_ANSWER_BYTES = 16 * 1024


@dataclass(frozen=True)
class Reply:
    """`body` is whole. A redirection is an answer as any other: it is not followed."""

    status: int
    body: bytes


def post(url: str, body: bytes) -> Reply:
    """Send `body`. Raises OSError when nothing comes that is HTTP, in time, and of a bearable size."""
    parts = urlsplit(url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    with closing(kind(parts.hostname or "", parts.port, timeout=STEP_SECONDS)) as connection:
        connection.connect()
        with cut_off_in_time(connection.sock, WHOLE_SECONDS):
            try:
                connection.request("POST", parts.path, body, {"Content-Type": "text/plain; charset=utf-8"})
                answer = connection.getresponse()
                found = answer.read(MOST_ANSWER_BYTES + 1)
            except HTTPException as error:
                raise OSError(type(error).__name__) from error
    # It says how much there was to come, unless that ended with the connection.
    if len(found) > MOST_ANSWER_BYTES or answer.length:
        raise OSError("too large, or cut off")
    return Reply(answer.status, found)
