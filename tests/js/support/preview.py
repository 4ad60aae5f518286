"""Serves the interface on the fake session, under the product's own headers, for looking at it and taking pictures.

    python -m tests.js.support.preview [port]        then http://127.0.0.1:<port>/?scene=many

Everything is read anew with each page, so that a change shows with a reload; with `kept` behind the port everything is
read once, here and by browsers, for tests that open many scenes. Scenes: tests/js/support/scenes.js.
"""

import base64
import functools
import hashlib
import json
import mimetypes
import os
import sys
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
# The modules as they are: what they are joined into has another entry.
os.environ["PAGE"] = "sources"

import django
from django.conf import settings
from django.template import engines
from django.template.loader import render_to_string

ROOT = Path(__file__).resolve().parents[3]
ENTRY = ROOT / "tests/js/support/preview.js"
KEPT = sys.argv[2:] == ["kept"]


def kept(function: Callable) -> Callable:
    """Let a function answer once where everything is read once."""
    return functools.cache(function) if KEPT else function


@kept
def read(path: Path) -> bytes:
    """Return what is in a file."""
    return path.read_bytes()


@kept
def shell() -> tuple[bytes, dict[str, str]]:
    """Return the shell with the preview's entry in place of the product's, and the headers that go with it."""
    from talk2me import security_headers  # noqa: PLC0415 - needs the settings
    from talk2me import shell as product  # noqa: PLC0415

    files = [*product.modules(), *ENTRY.parent.glob("*.js")]
    integrity = {address(path): digest("sha384", read(path)) for path in files}
    import_map = json.dumps({"integrity": integrity})
    context = {
        "import_map": import_map,
        "entry_integrity": integrity[address(ENTRY)],
        "modules": [],
        "styles": [address(path) for path in sorted((ROOT / "static/css").glob("*.css"))],
    }
    for loader in engines["django"].engine.template_loaders:
        loader.reset()
    page = render_to_string("shell.html", context).replace('src="/static/js/app.js"', f'src="{address(ENTRY)}"')
    headers = dict(security_headers.for_app.__wrapped__())
    allowed = digest("sha256", import_map.encode())
    policy = "Content-Security-Policy"
    headers[policy] = headers[policy].replace(product.import_map_hash(), allowed)
    return page.encode(), headers


def digest(algorithm: str, data: bytes) -> str:
    """Return the hash as integrity attributes and the Content Security Policy write it."""
    return f"{algorithm}-{base64.b64encode(hashlib.new(algorithm, data).digest()).decode()}"


def address(path: Path) -> str:
    """Return where a file of the repository is served."""
    return "/" + path.relative_to(ROOT).as_posix()


class Preview(BaseHTTPRequestHandler):
    """Answers the page and the files it names."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer; the preview takes nothing else."""
        path = urlsplit(self.path).path
        wanted = (ROOT / path.lstrip("/")).resolve()
        if path == "/":
            body, headers = shell()
        else:
            served = wanted.is_relative_to(ROOT / "static") or wanted.is_relative_to(ENTRY.parent)
            if not served or not wanted.is_file():
                self.send_error(404)
                return
            body, headers = read(wanted), {"Cross-Origin-Resource-Policy": "same-origin"}
        self.send_response(200)
        kind = "text/html" if path == "/" else mimetypes.guess_type(path)[0] or "application/octet-stream"
        caching = "max-age=3600" if KEPT and path != "/" else "no-store"
        for name, value in {**headers, "Content-Type": kind, "Cache-Control": caching}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


if __name__ == "__main__":
    django.setup()
    settings.STATIC_URL = "/static/"
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 8090), Preview).serve_forever()
