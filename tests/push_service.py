"""A push service of our own, on this machine: it counts what it is told, and answers as it is asked to."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ssl import SSLContext


@dataclass
class Told:
    """One request."""

    path: str
    headers: Message
    body: bytes


@dataclass
class PushService:
    origin: str
    status: int = 201
    told: list[Told] = field(default_factory=list)

    @property
    def paths(self) -> list[str]:
        return [told.path for told in self.told]


@contextmanager
def push_service(tls: SSLContext | None = None) -> Iterator[PushService]:
    """Serve until the end of the block."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            service.told.append(Told(self.path, self.headers, body))
            self.send_response(service.status)
            self.send_header("Location", f"{service.origin}/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_words: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    service = PushService(f"http{'s' if tls else ''}://127.0.0.1:{server.server_address[1]}")
    threading.Thread(target=server.serve_forever, args=[0.05], daemon=True).start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
