"""The files of this release and of its neighbours, answered before Django hears of them.

Through Django, whose way to a file is a thread and back, each takes more than four times as much of a processor.
WhiteNoise says which file, in which encoding and with which headers.

A page that was loaded from another release asks for files of that one later: it was open before an update, or it came
from another worker while there are both. What is still in DATA_DIR/static is answered (talk2me/prepare.py).
"""

import re
from typing import Any

from django.conf import settings
from whitenoise.base import StaticFile
from whitenoise.middleware import WhiteNoiseMiddleware

from talk2me import metrics, security_headers
from talk2me.health import Application, Receive, Send

OF_A_RELEASE = re.compile(r"/static/([0-9a-f]{16})/")


class StaticFiles:
    """Answers what is in STATIC_ROOT, and beside it in folders of other releases; hands everything else on."""

    def __init__(self, application: Application) -> None:
        self._application = application
        # It has looked through STATIC_ROOT when it is made; with DEBUG it looks again for each request.
        self._files = WhiteNoiseMiddleware()
        self._releases = {settings.RELEASE}

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """Answer a request."""
        file = self._find(scope["path"])
        if file is None:
            await self._application(scope, receive, send)
            return
        try:
            response = file.get_response(scope["method"], _as_environment(scope["headers"]))
        except FileNotFoundError:
            # Of a release that was forgotten since.
            await self._application(scope, receive, send)
            return
        body = b""
        if response.file:
            with response.file as opened:
                body = opened.read()
        headers = security_headers.of_path(scope["path"]) | dict(response.headers)
        encoded = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        metrics.requests.labels(f"{response.status // 100}xx").inc()
        await send({"type": "http.response.start", "status": int(response.status), "headers": encoded})
        await send({"type": "http.response.body", "body": body})

    def _find(self, path: str) -> StaticFile | None:
        if self._files.autorefresh:
            return self._files.find_file(path)
        of = OF_A_RELEASE.match(path)
        if of is not None and of[1] not in self._releases:
            self._look_for(of[1])
        return self._files.files.get(path)

    def _look_for(self, release: str) -> None:
        folder = settings.STATIC_ROOT.with_name(release)
        # Not while it is still being put in place.
        if folder.with_suffix(".whole").exists():
            self._releases.add(release)
            self._files.add_files(folder, prefix=f"/static/{release}/")


def _as_environment(headers: list[tuple[bytes, bytes]]) -> dict[str, str]:
    """Return request headers as WhiteNoise reads them: those of WSGI."""
    return {
        f"HTTP_{name.decode('latin-1').upper().replace('-', '_')}": value.decode("latin-1") for name, value in headers
    }
