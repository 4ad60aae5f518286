"""Paths of WebSockets (docs/wire_format.md 3).

There is one, so channels' routers have nothing to do here: each would keep a coroutine and a copy of the scope, a
kilobyte in all, as long as the socket.
"""

from collections.abc import Awaitable
from typing import Any

from messaging.consumers import MailboxConsumer, Receive, Send

PATH = "/ws"


def websocket(scope: dict[str, Any], receive: Receive, send: Send) -> Awaitable[None]:
    """Hand a socket to its consumer."""
    if scope["path"] == PATH:
        return MailboxConsumer()(scope, receive, send)
    return refuse(send)


async def refuse(send: Send) -> None:
    """Refuse a socket at any other path, which would otherwise be an error of ours in the log."""
    await send({"type": "websocket.close"})
