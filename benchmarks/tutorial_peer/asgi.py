"""The peer's ASGI application."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.tutorial_peer.settings")

from django.core.asgi import get_asgi_application

http = get_asgi_application()

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402 - needs loaded apps
from django.urls import path  # noqa: E402

from benchmarks.tutorial_peer.consumers import ChatConsumer  # noqa: E402

routes = [path("ws/<person>", ChatConsumer.as_asgi())]
application = ProtocolTypeRouter({"http": http, "websocket": URLRouter(routes)})
