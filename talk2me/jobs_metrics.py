"""`/metrics` of the process that runs the periodic jobs: it has no port of its own to be asked at otherwise."""

import threading
from collections.abc import Callable, Iterable
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from talk2me.health import metrics_answer


class _Quiet(WSGIRequestHandler):
    timeout = 5

    def log_message(self, format: str, *_args: Any) -> None:  # noqa: A002 - the name it has
        """Write no line for each request: it would hold the address."""


def serve_metrics(address: str) -> WSGIServer | None:
    """Answer `/metrics` on `address` ("127.0.0.1:9101") from a thread of its own; nothing, if it is empty."""
    if not address:
        return None
    host, _, port = address.rpartition(":")
    server = make_server(host.strip("[]"), int(port), _answer, handler_class=_Quiet)
    threading.Thread(target=server.serve_forever, name="jobs-metrics", daemon=True).start()
    return server


def _answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    path, method = environ["PATH_INFO"], environ["REQUEST_METHOD"]
    authorization = environ.get("HTTP_AUTHORIZATION", "")
    status, content_type, body = metrics_answer(authorization) if (method, path) == ("GET", "/metrics") else NOTHING
    start_response(f"{status} -", [("Content-Type", content_type), ("Content-Length", str(len(body)))])
    return [body]


NOTHING = (404, "application/json", b'{"error": "not_found"}')
