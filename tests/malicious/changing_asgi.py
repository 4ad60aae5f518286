"""The real application, wrapped by a server that serves other code: `POST /change` says what, from then on.

A list of changes, each with "path", a pattern, and any of "replace": [old, new], "headers": {name: value or null},
"status", and "for", a pattern that is looked for in the User-Agent: some people get what others do not.
"""

import json
import os
import re
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "talk2me.settings")

from talk2me.asgi import application as honest

changes: list[dict[str, Any]] = []


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Answer as the honest application would, but for what was changed."""
    if scope["type"] == "http" and scope["path"] == "/change":
        changes[:] = json.loads((await receive())["body"])
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})
        return
    agent = dict(scope.get("headers", [])).get(b"user-agent", b"").decode()
    wanted = [one for one in changes if re.search(one["path"], scope["path"]) and re.search(one.get("for", ""), agent)]
    if scope["type"] != "http" or not wanted:
        await honest(scope, receive, send)
        return
    # Unpacked, so that it can be changed.
    scope = scope | {"headers": [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]}
    start: dict[str, Any] = {}
    parts: list[bytes] = []

    async def keep(event: dict[str, Any]) -> None:
        if event["type"] == "http.response.start":
            start.update(event)
        else:
            parts.append(event.get("body", b""))

    await honest(scope, receive, keep)
    body = b"".join(parts)
    for change in wanted:
        body = changed(start, body, change)
    kept = [(name, value) for name, value in start["headers"] if name.lower() != b"content-length"]
    await send(start | {"headers": [*kept, (b"content-length", str(len(body)).encode())]})
    await send({"type": "http.response.body", "body": body})


def changed(start: dict[str, Any], body: bytes, change: dict[str, Any]) -> bytes:
    """Change the beginning of an answer in place; return the body."""
    start["status"] = change.get("status", start["status"])
    for name, value in change.get("headers", {}).items():
        kept = [(known, one) for known, one in start["headers"] if known.lower() != name.lower().encode()]
        start["headers"] = kept + ([(name.encode(), value.encode())] if value is not None else [])
    old, new = change.get("replace", ["", ""])
    assert old.encode() in body
    return body.replace(old.encode(), new.encode(), 1)
