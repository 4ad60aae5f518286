"""An object store for tests: as much of S3 as attachments need, in memory, on this machine."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

MISSING = b'<?xml version="1.0"?><Error><Code>NoSuchKey</Code></Error>'


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_PUT(self) -> None:
        self.store.asked.append(f"PUT {self.path}")
        self.store.objects[self.path] = self.rfile.read(int(self.headers["Content-Length"]))
        self._answer(self.store.broken or 200, b"")

    def do_GET(self) -> None:
        if "?" in self.path:
            self._answer(self.store.broken or 200, self.store.listed(self.path))
            return
        found = self.store.objects.get(self.path)
        self._answer(self.store.broken or (404 if found is None else 200), MISSING if found is None else found)

    do_HEAD = do_GET  # noqa: N815 - the name it has

    def do_DELETE(self) -> None:
        self.store.objects.pop(self.path, None)
        self._answer(self.store.broken or 204, b"")

    def log_message(self, *_words) -> None:
        """Write nothing."""

    @property
    def store(self) -> "ObjectStore":
        return self.server.store

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", '"x"')
        self.send_header("Last-Modified", "Thu, 01 Jan 2026 00:00:00 GMT")
        self.end_headers()
        if self.command != "HEAD" and status != 204:
            self.wfile.write(body)


class ObjectStore:
    """What is stored, by path; with `broken` every answer has that status."""

    def __init__(self, port: int) -> None:
        self.endpoint = f"http://127.0.0.1:{port}"
        self.objects: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.broken = 0

    def listed(self, path: str) -> bytes:
        """Return what is right under a prefix, as ListObjects does."""
        bucket, _, query = path.partition("?")
        prefix = parse_qs(query).get("prefix", [""])[0]
        keys = [key.removeprefix(f"{bucket}/") for key in self.objects if key.startswith(f"{bucket}/{prefix}")]
        inner = sorted(
            {prefix + key.removeprefix(prefix).partition("/")[0] + "/" for key in keys if "/" in key[len(prefix) :]}
        )
        here = [key for key in keys if "/" not in key[len(prefix) :]]
        return (
            "<ListBucketResult><IsTruncated>false</IsTruncated>"
            + "".join(f"<Contents><Key>{key}</Key><Size>1</Size></Contents>" for key in here)
            + "".join(f"<CommonPrefixes><Prefix>{one}</Prefix></CommonPrefixes>" for one in inner)
            + "</ListBucketResult>"
        ).encode()


@contextmanager
def object_store() -> Iterator[ObjectStore]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.store = ObjectStore(server.server_address[1])
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.store
    server.shutdown()
    server.server_close()
