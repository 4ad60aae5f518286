"""`/healthz`, `/readyz`, `/metrics`: what operators' machines ask, answered before Django hears of it.

So no host name, redirect or rate limit stands in the way of a container's or a proxy's check, and a database that hangs
holds up no answer. A stranger learns whether this server serves, and nothing else.
"""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from django.conf import settings
from django.utils.crypto import constant_time_compare
from prometheus_client import CONTENT_TYPE_LATEST

from talk2me import metrics
from talk2me.errors import NotFound, Talk2meError, Unauthenticated
from talk2me.readiness import Readiness
from talk2me.security_headers import COMMON

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]
Answer = tuple[int, str, bytes]

JSON = "application/json"


class Health:
    """Answers GET and HEAD of the three paths; hands everything else on."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._readiness = Readiness()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        answer = {"/healthz": self._healthz, "/readyz": self._readyz, "/metrics": self._metrics}.get(scope["path"])
        if answer is None or scope["method"] not in ("GET", "HEAD"):
            await self._application(scope, receive, send)
            return
        status, content_type, body = await answer(_authorization(scope))
        headers = COMMON | {"Content-Type": content_type, "Content-Length": str(len(body)), "Cache-Control": "no-store"}
        encoded = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": status, "headers": encoded})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})

    async def _healthz(self, _authorization: str) -> Answer:
        """Answering is the answer: this process's loop turns."""
        return 200, JSON, _json({"alive": True})

    async def _readyz(self, authorization: str) -> Answer:
        lacking = await self._readiness.lacking()
        fields: dict[str, Any] = {"ready": not lacking}
        if lacking and _is_operator(authorization):
            fields["lacking"] = lacking
        return 503 if lacking else 200, JSON, _json(fields)

    async def _metrics(self, authorization: str) -> Answer:
        return metrics_answer(authorization)


def metrics_answer(authorization: str) -> Answer:
    """Return status, content type and body of `/metrics` for a request with this Authorization header."""
    if not settings.METRICS_TOKEN:
        return _refusal(NotFound)
    if not _is_operator(authorization):
        return _refusal(Unauthenticated)
    return 200, CONTENT_TYPE_LATEST, metrics.exposition()


def _is_operator(authorization: str) -> bool:
    scheme, _, token = authorization.partition(" ")
    right = scheme.lower() == "bearer" and constant_time_compare(token.strip(), settings.METRICS_TOKEN)
    return bool(settings.METRICS_TOKEN) and right


def _authorization(scope: Scope) -> str:
    return next((value.decode("latin-1") for name, value in scope["headers"] if name == b"authorization"), "")


def _refusal(error: type[Talk2meError]) -> Answer:
    return error.status, JSON, _json(error().as_fields())


def _json(fields: dict[str, Any]) -> bytes:
    return json.dumps(fields).encode()
