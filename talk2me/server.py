"""`python -m talk2me.server --host H --port P`: one ASGI worker, run by the server that ASGI_SERVER names.

SIGTERM or SIGINT ends it gently: docs/operations.md says what that is.
"""

import argparse
import importlib
import os
import threading
from collections.abc import Awaitable, Callable
from typing import Protocol

Application = Callable[..., Awaitable[None]]


class Life(Protocol):
    """What is done on the event loop beside serving (talk2me.life)."""

    async def begin(self) -> None:
        """Make ready, before or while connections are taken."""

    async def end(self) -> None:
        """Send everybody away, once no new connections are taken."""


# Modules with a `run(application, life, host, port)`, imported when chosen: each brings an event loop of its own.
SERVERS = {"daphne": "talk2me.daphne_server", "uvicorn": "talk2me.uvicorn_server"}
# When all is said and done, how long the process may take to end.
LAST_SECONDS = 2.0
APPLICATION = "talk2me.asgi:application"


def main() -> None:
    """Run until a signal comes."""
    parser = argparse.ArgumentParser(prog="python -m talk2me.server", description="Run one worker.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--application", default=APPLICATION, help="another ASGI application")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "talk2me.settings")
    from django.conf import settings  # noqa: PLC0415 - needs the line above

    # Before the application: daphne has to be the first to choose Twisted's event loop.
    server = importlib.import_module(SERVERS[settings.ASGI_SERVER])
    module, _, name = options.application.partition(":")
    application = getattr(importlib.import_module(module), name)
    from talk2me import life  # noqa: PLC0415 - needs the Django that the application has set up

    server.run(application, life, options.host, options.port)
    # Python waits at its end for every thread, and for a database that hangs without end.
    last = threading.Timer(LAST_SECONDS, os._exit, [0])
    last.daemon = True
    last.start()


if __name__ == "__main__":
    main()
