"""The product's application, and beside it `/bench/bytes/<count>`: so many bytes, as fast as this server sends any."""

from typing import Any

from asgiref.sync import markcoroutinefunction

from talk2me.asgi import application as product

PREFIX = "/bench/bytes/"
PIECE = bytes(65_536)


@markcoroutinefunction
def application(scope: dict[str, Any], receive: Any, send: Any) -> Any:
    """Answer what is measured beside, and hand on everything else."""
    if scope["type"] == "http" and scope["path"].startswith(PREFIX):
        return _send_bytes(int(scope["path"].removeprefix(PREFIX)), send)
    return product(scope, receive, send)


async def _send_bytes(count: int, send: Any) -> None:
    headers = [(b"content-type", b"application/octet-stream"), (b"content-length", str(count).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    for start in range(0, count, len(PIECE)):
        body = PIECE[: count - start]
        await send({"type": "http.response.body", "body": body, "more_body": start + len(body) < count})
