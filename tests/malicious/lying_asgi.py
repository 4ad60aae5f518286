"""The real application, wrapped by a server that lies: `POST /lie` says how, from then on; `GET /lie` says it back.

A lie is `{"answers": {"<path pattern>": <JSON that is answered instead>}, "frames": [{"do": ..., "type": ...}, ...]}`.
What can be done to frames of some types on their way to one account (`to`, in hex) stands in WAYS; `left` says how
often. A frame that only hints at envelopes, without any, is left alone.
"""

import json
import os
import re
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "talk2me.settings")

import msgspec

from talk2me.asgi import application as honest
from talk2me.socket_wire import SCOPE_KEY

lie: dict[str, Any] = {"answers": {}, "frames": []}


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Answer as the honest application would, but for what the lie says."""
    if scope["type"] == "websocket":
        # All that it says goes through `send`.
        scope = {name: value for name, value in scope.items() if name != SCOPE_KEY}
        await honest(scope, receive, lying_socket(send))
        return
    if scope["type"] == "http" and scope["path"] == "/lie":
        if scope["method"] == "POST":
            lie.update({"answers": {}, "frames": []} | json.loads(await read_body(receive)))
        await answer(send, lie)
        return
    for pattern, instead in lie["answers"].items() if scope["type"] == "http" else ():
        if re.search(pattern, scope["path"]):
            await answer(send, instead)
            return
    await honest(scope, receive, send)


async def read_body(receive: Any) -> bytes:
    """Return the whole body of a request."""
    body, more = b"", True
    while more:
        part = await receive()
        body, more = body + part.get("body", b""), part.get("more_body", False)
    return body


async def answer(send: Any, content: object) -> None:
    """Answer with JSON, or with bytes as they are."""
    kind, body = (b"application/octet-stream", content) if isinstance(content, bytes) else (b"application/json", None)
    headers = [(b"content-type", kind), (b"cross-origin-resource-policy", b"same-origin")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(content).encode() if body is None else body})


def lying_socket(send: Any) -> Any:
    """Return a `send` that rewrites frames; whose socket it is stands in the answer to its hello."""
    account = b""

    async def rewrite(event: dict[str, Any]) -> None:
        nonlocal account
        if event["type"] == "websocket.send" and event.get("bytes"):
            honest_frames = msgspec.msgpack.decode(event["bytes"])
            account = next((frame["account"] for frame in honest_frames if frame["type"] == "hello.ok"), account)
            frames = [changed for frame in honest_frames for changed in told(frame, account)]
            if not frames:
                return
            event = event | {"bytes": msgspec.msgpack.encode(frames)}
        await send(event)

    return rewrite


def told(frame: dict[str, Any], account: bytes) -> list[dict[str, Any]]:
    """Return what this account's browser gets in place of `frame`."""
    frames = [frame]
    for rule in lie["frames"]:
        hint = frame.get("envelopes") == []
        if rule["to"] == account.hex() and frame["type"] in rule["types"] and rule.get("left", 1) > 0 and not hint:
            rule["left"] = rule.get("left", 1_000_000) - 1
            frames = WAYS[rule["do"]](frames, rule)
    return frames


def drop(_frames: list[dict[str, Any]], _rule: dict[str, Any]) -> list[dict[str, Any]]:
    """Say nothing."""
    return []


def twice(frames: list[dict[str, Any]], _rule: dict[str, Any]) -> list[dict[str, Any]]:
    """Say it, and say it again."""
    return frames + frames


def reverse(frames: list[dict[str, Any]], _rule: dict[str, Any]) -> list[dict[str, Any]]:
    """Give the envelopes in the opposite order."""
    return [frame | {"envelopes": frame["envelopes"][::-1]} for frame in frames]


def body(frames: list[dict[str, Any]], rule: dict[str, Any]) -> list[dict[str, Any]]:
    """Give other bytes under the same numbers."""
    bodies = bytes.fromhex(rule["body"])
    return [frame | {"envelopes": [envelope | {"body": bodies} for envelope in frame["envelopes"]]} for frame in frames]


def exchange(frames: list[dict[str, Any]], _rule: dict[str, Any]) -> list[dict[str, Any]]:
    """Let the last two envelopes of a batch change places, each under the other's number."""
    for frame in frames:
        envelopes = frame["envelopes"]
        if len(envelopes) > 1:
            first, second = envelopes[-2:]
            numbers = first["sequence"], second["sequence"]
            envelopes[-2:] = [second | {"sequence": numbers[0]}, first | {"sequence": numbers[1]}]
    return frames


def again(frames: list[dict[str, Any]], _rule: dict[str, Any]) -> list[dict[str, Any]]:
    """Give the last envelope once more, as the next one."""
    for frame in frames:
        if frame["envelopes"]:
            last = frame["envelopes"][-1]
            frame["envelopes"].append(last | {"sequence": last["sequence"] + 1})
            frame["head"] = max(frame["head"], last["sequence"] + 1)
    return frames


WAYS = {"drop": drop, "twice": twice, "reverse": reverse, "body": body, "exchange": exchange, "again": again}
