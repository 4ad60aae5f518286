"""Paths of WebSockets (docs/wire_format.md 3)."""

from typing import Any

from django.urls import URLPattern, path, re_path

from messaging.consumers import MailboxConsumer, Receive, Send


async def refuse(_scope: dict[str, Any], _receive: Receive, send: Send) -> None:
    """Refuse a socket at any other path, which would otherwise be an error of ours in the log."""
    await send({"type": "websocket.close"})


websocket_urlpatterns: list[URLPattern] = [
    path("ws", MailboxConsumer.as_asgi()),
    re_path("", refuse),  # type: ignore[arg-type]  # an ASGI application, as channels wants them
]
