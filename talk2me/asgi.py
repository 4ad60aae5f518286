"""The ASGI application: HTTP to Django, `/ws` to the messaging consumer."""

import os
from collections.abc import Awaitable
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "talk2me.settings")

from asgiref.sync import markcoroutinefunction
from django.core.asgi import get_asgi_application

# Loads the app registry; what is imported below needs models.
django_application = get_asgi_application()

from messaging.routing import websocket
from talk2me import manifest, shell
from talk2me.health import Health
from talk2me.static_files import StaticFiles

# Made now, from the files of now: an update of the checkout while this process runs can't mix two releases.
shell.page()
manifest.digest()

http_application = Health(StaticFiles(django_application))


@markcoroutinefunction
def application(scope: dict[str, Any], receive: Any, send: Any) -> Awaitable[None]:
    """Hand a connection on; no coroutine itself, because it would be kept as long as the socket.

    The mark tells servers that it is called as one: ASGI 2 had functions without.
    """
    if scope["type"] == "websocket":
        return websocket(scope, receive, send)
    return http_application(scope, receive, send)
