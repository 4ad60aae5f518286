"""Asking another server, over https: nothing it does can keep us for longer, or make us hold more, than we say."""

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
    """Send `body` to a witness. Raises OSError as `ask` does."""
    return ask("POST", url, body, {"Content-Type": "text/plain; charset=utf-8"}, most=MOST_ANSWER_BYTES)


def ask(method: str, url: str, body: bytes | None, headers: dict[str, str], *, most: int) -> Reply:
    """Send a request. Raises OSError when nothing comes that is HTTP, in time, and of at most so many bytes."""
    parts = urlsplit(url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    with closing(kind(parts.hostname or "", parts.port, timeout=STEP_SECONDS)) as connection:
        connection.connect()
        with cut_off_in_time(connection.sock, WHOLE_SECONDS):
            try:
                connection.request(method, parts.path + (f"?{parts.query}" if parts.query else ""), body, headers)
                answer = connection.getresponse()
                found = answer.read(most + 1)
            except HTTPException as error:
                raise OSError(type(error).__name__) from error
    # It says how much there was to come, unless that ended with the connection.
    if len(found) > most or answer.length:
        raise OSError("too large, or cut off")
    return Reply(answer.status, found)
