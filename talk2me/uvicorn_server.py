"""Uvicorn, with bounds: what `python -m talk2me.server` runs when ASGI_SERVER is `uvicorn`.

Nothing of a client reaches a log: no access log, and uvicorn's own lines, which hold addresses, are below the level of
settings.LOGGING. X-Forwarded-For is read by talk2me.limits, X-Forwarded-Proto by Django.
"""

import uvicorn

from talk2me.bounds import LARGEST_SOCKET_MESSAGE
from talk2me.server import Application
from talk2me.uvicorn_http import BoundedHTTP
from talk2me.uvicorn_socket import BoundedSocket


def run(application: Application, host: str, port: int) -> None:
    """Serve until a signal comes."""
    config = uvicorn.Config(
        application,
        host=host,
        port=port,
        loop="uvloop",
        http=BoundedHTTP,
        ws=BoundedSocket,
        ws_max_size=LARGEST_SOCKET_MESSAGE,
        # Ciphertext does not get shorter, and a compressor costs each socket more memory than all the rest.
        ws_per_message_deflate=False,
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
    )
    uvicorn.Server(config).run()
