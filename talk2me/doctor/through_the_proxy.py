"""The server as a browser sees it, through whatever stands between."""

import json
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import suppress
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.templatetags.static import static
from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

from keys import log_key
from talk2me import security_headers, shell
from talk2me.doctor.findings import Finding
from talk2me.doctor.settings_and_keys import is_this_machine

PATIENCE_SECONDS = 10
CLOCK_SECONDS = 30
DAYS_LEFT = 14
DAY = 24 * 3600
MOST_BYTES = 4 * 1024 * 1024
OK, UNAUTHENTICATED, NOT_FOUND = 200, 401, 404
# What every browser loads first.
MODULE = "js/app.js"


def look_through_proxy(url: str) -> Iterator[Finding]:
    """Give what differs from what this server's code and settings would send."""
    if not _is_of_a_server(url):
        yield Finding("url_wrong", "The address is none of a server.")
        return
    parts = urlsplit(url)
    try:
        if parts.scheme == "https":
            yield from _certificate(parts.hostname or "", parts.port or 443)
        answer, body = _get(url, "/api/server")
        yield from _clock(answer)
        if not (said := _server(answer, body)):
            yield Finding("not_talk2me", f"/api/server is answered with {answer.status}, and not by talk2me.")
            return
        yield from _same_server(url, said)
        yield from _page(url)
        yield from _module(url)
        yield from _body(url)
        yield from _plain(parts)
        yield from _socket(url)
        yield from _metrics(url, parts.hostname or "")
    except ssl.SSLCertVerificationError as error:
        yield Finding("tls_invalid", f"Browsers refuse the certificate: {error.verify_message}.")
    except (OSError, HTTPException) as error:
        yield Finding("url_unreachable", f"The address does not answer ({type(error).__name__}).")


def _is_of_a_server(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.path and parts.port != 0
    except ValueError:
        # A port that is no number, a bracket that is not closed.
        return False


def _get(url: str, path: str, method: str = "GET", sent: bytes | None = None) -> tuple[HTTPResponse, bytes]:
    """Ask as a browser does that takes no compression; follow nothing."""
    parts = urlsplit(url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=PATIENCE_SECONDS)
    try:
        # Whoever refuses a body may do so before all of it has come.
        with suppress(BrokenPipeError, ConnectionResetError):
            connection.request(method, path, sent, headers={"Accept-Encoding": "identity"})
        answer = connection.getresponse()
        return answer, answer.read(MOST_BYTES)
    finally:
        connection.close()


def _certificate(host: str, port: int) -> Iterator[Finding]:
    context = ssl.create_default_context()
    with (
        socket.create_connection((host, port), timeout=PATIENCE_SECONDS) as plain,
        context.wrap_socket(plain, server_hostname=host) as secured,
    ):
        certificate = secured.getpeercert() or {}
    days = (ssl.cert_time_to_seconds(str(certificate["notAfter"])) - time.time()) / DAY
    if days < DAYS_LEFT:
        yield Finding("tls_ends", f"The certificate ends in {days:.0f} days.")


def _server(answer: HTTPResponse, body: bytes) -> dict[str, object]:
    try:
        said = json.loads(body)
    except ValueError:
        return {}
    return said if answer.status == OK and isinstance(said, dict) and "key_log" in said else {}


def _same_server(url: str, said: dict[str, object]) -> Iterator[Finding]:
    if url != settings.ORIGIN or said.get("origin") != settings.ORIGIN:
        yield Finding("other_origin", f"The server at {url} is {said.get('origin')}, ORIGIN here is {settings.ORIGIN}.")
    if said.get("version") != settings.VERSION:
        yield Finding("other_release", f"The workers are of {said.get('version')}, this is {settings.VERSION}.")
    if said["key_log"] != log_key.vkey():
        yield Finding("other_key_log", "The workers sign the key log with another key than these settings have.")


def _clock(answer: HTTPResponse) -> Iterator[Finding]:
    if not (date := answer.getheader("Date")):
        return
    off = time.time() - parsedate_to_datetime(date).timestamp()
    if abs(off) > CLOCK_SECONDS:
        yield Finding("clock_off", f"The clock of this machine and that of the address differ by {abs(off):.0f} s.")


def _page(url: str) -> Iterator[Finding]:
    answer, body = _get(url, "/")
    yield from _headers(answer, security_headers.for_app() | {"Cache-Control": "no-cache"}, "the page")
    if body != shell.page():
        yield Finding("page_changed", "The page has other bytes than this release gives.")
    if answer.getheader("Age") or (answer.getheader("X-Cache") or "").upper().startswith("HIT"):
        yield Finding("answers_cached", "The page came out of a cache.")


def _headers(answer: HTTPResponse, expected: dict[str, str], of_what: str) -> Iterator[Finding]:
    for name, value in expected.items():
        found = answer.headers.get_all(name, [])
        if found != [value]:
            how = "is missing" if not found else "is there twice" if len(found) > 1 else "is another one"
            yield Finding("headers_changed", f"The header {name} of {of_what} {how}.")


def _module(url: str) -> Iterator[Finding]:
    path = static(MODULE)
    answer, body = _get(url, path)
    if answer.status != OK or body != (shell.STATIC / MODULE).read_bytes():
        yield Finding("files_changed", f"{MODULE} is answered with {answer.status}, and not as this release has it.")
        return
    yield from _headers(answer, security_headers.of_path(path), "scripts")


def _body(url: str) -> Iterator[Finding]:
    """Send as much as a part of an attachment has, as nobody: whoever says no has to be a worker."""
    size = settings.ATTACHMENT_PART_BYTES
    try:
        answer, body = _get(url, f"/api/attachments/{'A' * 22}?offset=0", "PUT", bytes(size))
        if answer.status == UNAUTHENTICATED and "error" in json.loads(body):
            return
        words = f"is answered with {answer.status}"
    except (OSError, HTTPException, ValueError) as error:
        words = f"is not answered as a worker does ({type(error).__name__})"
    yield Finding("bodies_refused", f"A body of {size} bytes, as files are sent, {words}.")


def _plain(parts: SplitResult) -> Iterator[Finding]:
    if parts.scheme != "https" or parts.port is not None:
        return
    try:
        answer, _ = _get(f"http://{parts.netloc}", "/")
    except (OSError, HTTPException):
        # Nobody listens there: as good.
        return
    if not (answer.getheader("Location") or "").startswith("https://"):
        yield Finding("plain_http", f"http://{parts.netloc} is answered with {answer.status}, without TLS.")


def _socket(url: str) -> Iterator[Finding]:
    try:
        with connect(f"ws{url.removeprefix('http')}/ws", origin=settings.ORIGIN, open_timeout=PATIENCE_SECONDS):
            return
    except (OSError, WebSocketException) as error:
        yield Finding("socket_refused", f"No WebSocket can be opened at /ws ({type(error).__name__}).")


def _metrics(url: str, host: str) -> Iterator[Finding]:
    if is_this_machine(host):
        return
    answer, _ = _get(url, "/metrics")
    if answer.status != NOT_FOUND:
        yield Finding("metrics_passed_on", f"/metrics is answered to strangers, with {answer.status}.")
