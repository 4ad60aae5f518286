"""Where a log to audit comes from: a file of `export_log`, or a server."""

import json
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError

from keys.key_log import export
from keys.key_log.checkpoint import Checkpoint, open_checkpoint
from keys.key_log.leaf import BYTES
from keys.key_log.note import Verifier, read_vkey

LEAVES_AT_ONCE = 2048
TIMEOUT_SECONDS = 30
MOST_ANSWER_BYTES = 1024 * 1024
LONGEST_WAIT_SECONDS = 120


@dataclass(frozen=True)
class Source:
    """A log that says it is `checkpoint`, whose signature holds, and its leaves."""

    verifier: Verifier
    checkpoint: Checkpoint
    leaves: Iterator[bytes]


@contextmanager
def open_source(source: str, verifier: Verifier | None) -> Iterator[Source]:
    """Open a file or, when `source` begins with http, a server, whose key is asked for unless it is known.

    Raises OSError, ValueError, and what open_checkpoint raises.
    """
    if source.startswith(("http://", "https://")):
        api = source.rstrip("/") + "/api"
        known = verifier or read_vkey(json.loads(_get(f"{api}/server"))["key_log"])
        head = open_checkpoint(_get(f"{api}/key_log/checkpoint").decode(), known)
        yield Source(known, head, _fetch_leaves(api, head.size))
        return
    if verifier is None:
        raise ValueError
    with Path(source).open("rb") as file:
        head = open_checkpoint(export.read_head(file), verifier)
        yield Source(verifier, head, export.read_leaves(file))


def _fetch_leaves(api: str, size: int) -> Iterator[bytes]:
    for first in range(0, size, LEAVES_AT_ONCE):
        data = _get(f"{api}/key_log/leaves?from={first}&to={min(first + LEAVES_AT_ONCE, size)}")
        yield from (data[at : at + BYTES] for at in range(0, len(data), BYTES))


def _get(url: str) -> bytes:
    while True:
        try:
            with urllib.request.urlopen(url, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310 - http, as was checked
                return bytes(answer.read(MOST_ANSWER_BYTES))
        except HTTPError as error:
            if error.code != 429:
                raise
            time.sleep(min(int(error.headers.get("Retry-After") or 1), LONGEST_WAIT_SECONDS))
