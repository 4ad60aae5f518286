"""Paths of WebSockets (docs/wire_format.md 3)."""

from django.urls import URLPattern

websocket_urlpatterns: list[URLPattern] = []
