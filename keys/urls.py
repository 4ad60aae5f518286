"""Paths under `/api/` (docs/wire_format.md 2)."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
