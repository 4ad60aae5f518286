"""The files of this release, answered before Django hears of them.

Through Django, whose way to a file is a thread and back, each takes more than four times as much of a processor.
WhiteNoise says which file, in which encoding and with which headers.
"""

from typing import Any

from whitenoise.middleware import WhiteNoiseMiddleware

from talk2me import metrics, security_headers
from talk2me.health import Application, Receive, Send


class StaticFiles:
    """Answers what is in STATIC_ROOT; hands everything else on."""

    def __init__(self, application: Application) -> None:
        self._application = application
        # It has looked through STATIC_ROOT when it is made; with DEBUG it looks again for each request.
        files = WhiteNoiseMiddleware()
        self._find = files.find_file if files.autorefresh else files.files.get

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """Answer a request."""
        file = self._find(scope["path"])
        if file is None:
            await self._application(scope, receive, send)
            return
        response = file.get_response(scope["method"], _as_environment(scope["headers"]))
        body = b""
        if response.file:
            with response.file as opened:
                body = opened.read()
        headers = security_headers.of_path(scope["path"]) | dict(response.headers)
        encoded = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        metrics.requests.labels(f"{response.status // 100}xx").inc()
        await send({"type": "http.response.start", "status": int(response.status), "headers": encoded})
        await send({"type": "http.response.body", "body": body})


def _as_environment(headers: list[tuple[bytes, bytes]]) -> dict[str, str]:
    """Return request headers as WhiteNoise reads them: those of WSGI."""
    return {
        f"HTTP_{name.decode('latin-1').upper().replace('-', '_')}": value.decode("latin-1") for name, value in headers
    }
