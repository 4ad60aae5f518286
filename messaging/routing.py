"""Paths of WebSockets (docs/wire_format.md 3)."""

from django.urls import URLPattern, path

from messaging.consumers import MailboxConsumer

websocket_urlpatterns: list[URLPattern] = [path("ws", MailboxConsumer.as_asgi())]
