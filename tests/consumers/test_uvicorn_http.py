"""What the bounds of HTTP may not do to a WebSocket."""

import asyncio

import uvicorn
import websockets

from talk2me import uvicorn_http
from talk2me.uvicorn_socket import BoundedSocket
from tests.e2e.running_server import free_port

HEAD_SECONDS = 0.2


async def echo(scope, receive, send):
    """Answers whatever it gets, for ever."""
    await receive()
    await send({"type": "websocket.accept"})
    while (event := await receive())["type"] == "websocket.receive":
        await send({"type": "websocket.send", "bytes": event["bytes"]})


async def test_a_socket_outlives_the_time_that_a_head_may_take(monkeypatch):
    monkeypatch.setattr(uvicorn_http, "HEAD_SECONDS", HEAD_SECONDS)
    port = free_port()
    config = uvicorn.Config(
        echo, port=port, http=uvicorn_http.BoundedHTTP, ws=BoundedSocket, lifespan="off", log_config=None
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has nothing to wait for
        await asyncio.sleep(0.01)
    async with websockets.connect(f"ws://127.0.0.1:{port}/", ping_interval=None) as socket:
        await asyncio.sleep(5 * HEAD_SECONDS)
        await socket.send(b"still here")
        assert await socket.recv() == b"still here"
    server.should_exit = True
    await serving
