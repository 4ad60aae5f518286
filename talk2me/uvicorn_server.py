"""Uvicorn, with bounds: what `python -m talk2me.server` runs when ASGI_SERVER is `uvicorn`.

Nothing of a client reaches a log: no access log, and uvicorn's own lines, which hold addresses, are below the level of
settings.LOGGING. X-Forwarded-For is read by talk2me.limits, X-Forwarded-Proto by Django.
"""

import asyncio
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from talk2me.bounds import LARGEST_SOCKET_MESSAGE
from talk2me.server import Application, Life
from talk2me.uvicorn_http import BoundedHTTP
from talk2me.uvicorn_socket import BoundedSocket

# After the farewell, for HTTP answers that are under way and connections that close.
PATIENCE_SECONDS = 1.0


class GentleServer(uvicorn.Server):
    """Uvicorn's server, which leaves as talk2me.life has it."""

    def __init__(self, config: uvicorn.Config, life: Life) -> None:
        super().__init__(config)
        self._life = life

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start the worker, then listen."""
        await self._life.begin()
        await super().startup(sockets)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen no more, send everybody away, and close what is left."""
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            if isinstance(connection, BoundedHTTP):
                connection.shutdown()
        for listening in sockets or []:
            listening.close()
        await self._life.end()
        if self.server_state.tasks:
            await asyncio.wait(self.server_state.tasks, timeout=PATIENCE_SECONDS)
        for connection in list(self.server_state.connections):
            connection.transport.abort()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Hear the signals that end the server; unlike uvicorn's own this lets the process end with 0."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._leave)
        yield

    def _leave(self) -> None:
        self.should_exit = True


def run(application: Application, life: Life, host: str, port: int) -> None:
    """Serve until a signal comes."""
    config = uvicorn.Config(
        application,
        host=host,
        port=port,
        # Not to be guessed: the application is a function that returns a coroutine.
        interface="asgi3",
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
    GentleServer(config, life).run()
