"""What can be done to an answer over HTTP. A further way is one function: a request and a rule in, an answer out."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Answer:
    """A whole answer."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes

    @classmethod
    def of(cls, content: object, status: int = 200) -> "Answer":
        """An answer in JSON, or of bytes as they are."""
        is_bytes = isinstance(content, bytes)
        kind = b"application/octet-stream" if is_bytes else b"application/json"
        headers = [(b"content-type", kind), (b"cross-origin-resource-policy", b"same-origin")]
        return cls(status, headers, content if is_bytes else json.dumps(content).encode())


@dataclass
class Request:
    """What somebody asks: `account` is empty without a token, `honest` asks the real application (at most once)."""

    method: str
    path: str
    account: bytes
    honest: Callable[[], Awaitable[Answer]]
    earlier: list[Answer] = field(
        default_factory=list
    )  # honest ones, to the same account at the same path, oldest first
    query: str = ""


Rule = dict[str, Any]
WAYS: dict[str, Callable[[Request, Rule], Awaitable[Answer | None]]] = {}


def way(
    function: Callable[[Request, Rule], Awaitable[Answer | None]],
) -> Callable[[Request, Rule], Awaitable[Answer | None]]:
    """Let a lie name this function. None as its answer: none at all, until the browser gives up."""
    WAYS[function.__name__] = function
    return function


@way
async def instead(_request: Request, rule: Rule) -> Answer:
    """Answer with the JSON `answer`, and `status` if given; the real application is not asked."""
    return Answer.of(rule["answer"], rule.get("status", 200))


@way
async def after(request: Request, rule: Rule) -> Answer:
    """Let the real application do what is asked, then answer with the JSON `answer` all the same."""
    await request.honest()
    return Answer.of(rule["answer"], rule.get("status", 200))


@way
async def drop(request: Request, _rule: Rule) -> None:
    """Do what is asked, and say nothing."""
    await request.honest()


@way
async def delay(request: Request, rule: Rule) -> Answer:
    """Answer after `seconds`."""
    await asyncio.sleep(rule["seconds"])
    return await request.honest()


@way
async def replay(request: Request, rule: Rule) -> Answer:
    """Answer what was answered before: the first time, or the `which`th (0 the first, -1 the last)."""
    if not request.earlier:
        return await request.honest()
    return request.earlier[rule.get("which", 0)]
