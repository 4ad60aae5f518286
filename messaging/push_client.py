"""Telling a push service that something waits for one browser: without content, and to a checked address only."""

import socket
import ssl
from contextlib import closing
from functools import cache
from http.client import HTTPConnection, HTTPException
from typing import Literal

from keys.services import authorize_push
from messaging.push_endpoint import Endpoint, find_address, read_endpoint
from talk2me.cut_off import cut_off_in_time
from talk2me.errors import BadRequest

STEP_SECONDS = 5.0
WHOLE_SECONDS = 10.0
# A push service keeps it so long for a browser that is off; after that, there will be something newer to tell.
KEEP_SECONDS = 3 * 24 * 3600
GONE = (404, 410)

Pushed = Literal["sent", "gone", "failed"]


def push(url: str) -> Pushed:
    """Tell once. `gone`: the browser has unsubscribed. A redirection is not followed, an answer's body not read."""
    try:
        status = _post(read_endpoint(url))
    except (OSError, HTTPException, BadRequest, ValueError):
        return "failed"
    if status in GONE:
        return "gone"
    return "sent" if 200 <= status < 300 else "failed"


def _post(endpoint: Endpoint) -> int:
    headers = {
        "Authorization": authorize_push(endpoint.origin),
        "TTL": str(KEEP_SECONDS),
        "Urgency": "high",
        # A newer one takes the place of one that was not delivered yet.
        "Topic": "new",
        "Content-Length": "0",
        "Host": endpoint.origin.partition("://")[2],
    }
    connection = HTTPConnection(endpoint.host, endpoint.port, timeout=STEP_SECONDS)
    with closing(connection):
        connection.sock = _connect(endpoint)
        with cut_off_in_time(connection.sock, WHOLE_SECONDS):
            connection.request("POST", endpoint.path, headers=headers)
            return connection.getresponse().status


def _connect(endpoint: Endpoint) -> socket.socket:
    """Connect to the very address that was checked: a name may point elsewhere when it is asked for again."""
    plain = socket.create_connection((find_address(endpoint), endpoint.port), STEP_SECONDS)
    if endpoint.origin.startswith("http://"):
        return plain
    try:
        with cut_off_in_time(plain, WHOLE_SECONDS):
            return _tls().wrap_socket(plain, server_hostname=endpoint.host)
    except BaseException:
        plain.close()
        raise


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()
