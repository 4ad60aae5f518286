"""WEBCAT, a browser extension that compares pages with a manifest that others sign and witness.

Its own tool (webcat-cli) makes and signs its files; here is what that tool reads, and where its files are served.
Nothing of it is on without the setting WEBCAT_DIR: docs/code_integrity.md says what it takes.
"""

import hashlib
import json
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from keys import base64url
from talk2me import manifest, security_headers

NEEDED = ("enrollment.json", "bundle.json")
SERVED = (*NEEDED, "manifest.json", "bundle-prev.json")
# What its tool calls the document of `/`.
INDEX = "index.html"


@require_safe
def well_known(_request: HttpRequest, name: str) -> HttpResponse:
    """Serve one of the operator's files; 404 where WEBCAT is off or the file is not there."""
    where = folder()
    if where is None or name not in SERVED or not (where / name).is_file():
        raise Http404
    return HttpResponse(
        (where / name).read_bytes(), content_type="application/json", headers={"Cache-Control": "no-cache"}
    )


def folder() -> Path | None:
    """Return where the operator has put the files; None where WEBCAT is off."""
    return Path(settings.WEBCAT_DIR) if settings.WEBCAT_DIR else None


def lay_out(target: Path) -> None:
    """Write `site/`, the files as browsers get them, and `webcat.config.json` into a folder, for webcat-cli.

    Raises FileExistsError where there is such a folder: files of another release must not be signed with these.
    """
    site = target / "site"
    site.mkdir(parents=True)
    for path, data in manifest.contents().items():
        file = site / _name(path).removeprefix("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    config = {
        "app": settings.ORIGIN,
        "version": settings.VERSION,
        "default_csp": security_headers.for_app()["Content-Security-Policy"],
        "default_index": INDEX,
        "default_fallback": f"/{INDEX}",
        "wasm": [],
        "extra_csp": {},
    }
    (target / "webcat.config.json").write_text(json.dumps(config, indent=2) + "\n")


def is_of_this_release(bundle: bytes) -> bool:
    """Say whether a bundle lists this release: where it does not, the extension opens nothing."""
    try:
        listed = json.loads(bundle)["manifest"]
        csp, files = listed["default_csp"], listed["files"]
    except (ValueError, TypeError, KeyError):
        return False
    ours = {_name(path): base64url.encode(hashlib.sha256(data).digest()) for path, data in manifest.contents().items()}
    return bool(files == ours and csp == security_headers.for_app()["Content-Security-Policy"])


def _name(path: str) -> str:
    return f"/{INDEX}" if path == "/" else path
