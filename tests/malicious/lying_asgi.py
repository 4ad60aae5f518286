"""The real application, wrapped by a server that lies: `POST /lie` says how, from then on; `GET /lie` says it back.

What a lie looks like stands in lies/__init__.py. A frame that only hints at envelopes, without any, is left alone.
"""

import json
import os
import re
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "talk2me.settings")

import msgspec
from asgiref.sync import sync_to_async

from keys import base64url
from talk2me.asgi import application as honest
from talk2me.socket_wire import SCOPE_KEY
from tests.malicious.lies import answers, archives, frames, rules
from tests.malicious.lies.answers import Answer, Request
from tests.malicious.lies.frames import Frame, Socket

# By account, method and path, what was answered honestly so far.
answered: dict[tuple[bytes, str, str], list[Answer]] = {}


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Answer as the honest application would, but for what the lie says."""
    if scope["type"] == "websocket":
        # All that it says goes through `send`.
        scope = {name: value for name, value in scope.items() if name != SCOPE_KEY}
        await honest(scope, receive, lying_socket(send))
    elif scope["type"] == "http" and scope["path"] == "/lie":
        if scope["method"] == "POST":
            rules.tell(json.loads(await read_body(receive)))
        await answer(send, rules.lie)
    elif scope["type"] == "http" and scope["path"].startswith("/api/"):
        await respond(scope, receive, send)
    else:
        await honest(scope, receive, send)


async def respond(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Answer over HTTP, with a lie if there is one for who asks."""
    method, path, account = scope["method"], scope["path"], await account_of(scope)
    earlier = answered.setdefault((account, method, path), [])

    async def ask() -> Answer:
        told = await ask_honest(scope, receive)
        earlier.append(told)
        return told

    request = Request(method, path, account, ask, earlier[:], scope["query_string"].decode("latin-1"))
    for rule in rules.lie["answers"]:
        asked = re.search(rule["path"], path) and rule.get("method") in (None, method)
        if asked and rules.concerns(rule, account):
            rules.count(rule)
            told = await answers.WAYS[rule["do"]](request, rule)
            if told is None:
                while (await receive())["type"] != "http.disconnect":
                    pass
                return
            await give(send, told)
            return
    await give(send, await ask())


async def account_of(scope: dict[str, Any]) -> bytes:
    """Return the account whose token the request carries; nothing without one that counts."""
    from keys.services import authenticate_token  # noqa: PLC0415 - once Django is set up
    from talk2me.errors import Talk2meError  # noqa: PLC0415

    bearer = dict(scope["headers"]).get(b"authorization", b"").decode("latin-1").removeprefix("Bearer ")
    try:
        return bytes((await sync_to_async(authenticate_token)(base64url.decode(bearer))).account) if bearer else b""
    except (Talk2meError, ValueError):
        return b""


async def ask_honest(scope: dict[str, Any], receive: Any) -> Answer:
    """Return the honest application's whole answer."""
    start: dict[str, Any] = {}
    body = b""

    async def take(event: dict[str, Any]) -> None:
        nonlocal start, body
        if event["type"] == "http.response.start":
            start = event
        body += event.get("body", b"")

    await honest(scope, receive, take)
    return Answer(start["status"], [(bytes(name), bytes(value)) for name, value in start["headers"]], body)


async def answer(send: Any, content: object) -> None:
    """Answer with JSON, or with bytes as they are."""
    await give(send, Answer.of(content))


async def give(send: Any, told: Answer) -> None:
    """Send an answer."""
    await send({"type": "http.response.start", "status": told.status, "headers": told.headers})
    await send({"type": "http.response.body", "body": told.body})


async def read_body(receive: Any) -> bytes:
    """Return the whole body of a request."""
    body, more = b"", True
    while more:
        part = await receive()
        body, more = body + part.get("body", b""), part.get("more_body", False)
    return body


def lying_socket(send: Any) -> Any:
    """Return a `send` that rewrites frames; whose socket it is stands in the answer to its hello."""

    async def send_frames(told: list[Frame]) -> None:
        await send({"type": "websocket.send", "bytes": msgspec.msgpack.encode(told)})

    socket = Socket(send_frames)

    async def rewrite(event: dict[str, Any]) -> None:
        if event["type"] != "websocket.send" or not event.get("bytes"):
            await send(event)
            return
        honest_frames = msgspec.msgpack.decode(event["bytes"])
        told = [changed for frame in honest_frames for changed in rewrite_frame(frame, socket)]
        if told:
            await send_frames(told)

    return rewrite


def rewrite_frame(frame: Frame, socket: Socket) -> list[Frame]:
    """Return what this socket's browser gets in place of `frame`."""
    note(frame, socket)
    told = [frame]
    hint = frame.get("envelopes") == []
    for rule in rules.lie["frames"]:
        if archives.of_archive(frame) and rule["do"] not in archives.WAYS:
            continue
        if frame["type"] in rule["types"] and rules.concerns(rule, socket.account) and not hint:
            rules.count(rule)
            told = frames.WAYS[rule["do"]](told, rule, socket)
    return told


def note(frame: Frame, socket: Socket) -> None:
    """Remember what later lies are made of."""
    if frame["type"] == "hello.ok":
        socket.account = frame["account"]
    socket.first.setdefault(
        (frame["type"], frame.get("mailbox", b"")), msgspec.msgpack.decode(msgspec.msgpack.encode(frame))
    )
    for entry in frame.get("mailboxes", []):
        if entry["kind"] == "conversation":
            socket.heads[entry["mailbox"]] = entry["head"]
    if frame.get("mailbox") in socket.heads and "head" in frame:
        socket.heads[frame["mailbox"]] = frame["head"]
