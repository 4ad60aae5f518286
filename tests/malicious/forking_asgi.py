"""The lying server, with a key log of its own for some: `POST /fork` says for whom, and how it goes on.

A real server would tell people apart by their address and token; the tests' browsers all sit on one machine, so here
each has a name in its User-Agent.
"""

import asyncio
import json
from typing import Any
from urllib.parse import parse_qsl

from asgiref.sync import sync_to_async

from tests.malicious.lying_asgi import answer, read_body
from tests.malicious.lying_asgi import application as lying

from tests.malicious.forked_log import ForkedLog  # isort: skip - the first import sets Django up

forks: dict[str, ForkedLog] = {}


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Answer from the fork of who asks, if there is one; else as the lying server does."""
    if scope["type"] != "http":
        await lying(scope, receive, send)
        return
    if scope["path"] == "/fork":
        await sync_to_async(go_on)(json.loads(await read_body(receive)))
        await answer(send, {})
        return
    headers = dict(scope["headers"])
    fork = next((found for name, found in forks.items() if name.encode() in headers.get(b"user-agent", b"")), None)
    path = scope["path"].removeprefix("/api/")
    if fork is None or not path.startswith(("key_log/", "accounts/")):
        await lying(scope, receive, send)
        return
    body = await read_body(receive)
    asked = {name: int(value) for name, value in parse_qsl(scope["query_string"].decode()) if value.isdigit()}
    told = fork.about_log(path.removeprefix("key_log/"), asked) if path.startswith("key_log/") else None
    if told is not None:
        await answer(send, told)
    elif (scope["method"] == "GET" and path.endswith("/chain")) or path == "accounts/lookup":
        since = asked.get("since") or json.loads(body or b"{}").get("since", 0)
        await answer_about_account(scope, body, send, fork, since)
    else:
        await lying(scope, as_received(body), send)


def go_on(wish: dict[str, Any]) -> None:
    """Make the fork of that browser, unless it is there, and add what is wished; without wishes it is given up."""
    if wish["steps"] is None:
        forks.pop(wish["name"], None)
        return
    if wish["name"] not in forks:
        forks[wish["name"]] = ForkedLog()
    for step in wish["steps"]:
        forks[wish["name"]].do(step.pop("do"), **step)


async def answer_about_account(scope: dict[str, Any], body: bytes, send: Any, fork: ForkedLog, since: int) -> None:
    """Let the application answer, and tell that with another log."""
    events: list[dict[str, Any]] = []

    async def keep(event: dict[str, Any]) -> None:
        events.append(event)

    await lying(scope, as_received(body), keep)
    if events[0]["status"] == 200:
        honest = json.loads(b"".join(event.get("body", b"") for event in events[1:]))
        await answer(send, fork.about_account(honest, since))
        return
    for event in events:
        await send(event)


def as_received(body: bytes) -> Any:
    """Return a `receive` that gives the body once more, and then nothing."""
    left = [body]

    async def receive() -> dict[str, Any]:
        if not left:
            await asyncio.Event().wait()
        return {"type": "http.request", "body": left.pop(), "more_body": False}

    return receive
