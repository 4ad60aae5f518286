"""The ASGI application: HTTP to Django, `/ws` to the messaging consumer."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "talk2me.settings")

from django.core.asgi import get_asgi_application

# Loads the app registry; what is imported below needs models.
http_application = get_asgi_application()

from channels.routing import ProtocolTypeRouter, URLRouter

from messaging.routing import websocket_urlpatterns
from talk2me import shell
from talk2me.health import Health

# Made now, from the files of now: an update of the checkout while this process runs can't mix two releases.
shell.page()

application = ProtocolTypeRouter({"http": Health(http_application), "websocket": URLRouter(websocket_urlpatterns)})
