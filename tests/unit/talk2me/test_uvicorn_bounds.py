"""Uvicorn's connections with bounds: who is silent, who takes nothing, and who sends strange things."""

import asyncio
from contextlib import asynccontextmanager
from types import SimpleNamespace

import pytest
import uvicorn
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from talk2me import uvicorn_http, uvicorn_socket
from talk2me.bounds import LARGEST_SOCKET_MESSAGE
from talk2me.uvicorn_http import BoundedHTTP
from talk2me.uvicorn_socket import BoundedSocket

BINARY = 0x82


async def echo(scope, receive, send) -> None:
    """Sends back what comes; over HTTP, how much."""
    if scope["type"] == "http":
        size, more = 0, True
        while more:
            event = await receive()
            size, more = size + len(event.get("body", b"")), event.get("more_body", False)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"%d" % size})
        return
    while (event := await receive())["type"] != "websocket.disconnect":
        if event["type"] == "websocket.connect":
            await send({"type": "websocket.accept"})
        else:
            content = event["text"].encode() if event.get("text") else event["bytes"]
            await send({"type": "websocket.send", "bytes": content})


@asynccontextmanager
async def serving(application=echo):
    config = uvicorn.Config(
        application, http=BoundedHTTP, ws=BoundedSocket, ws_max_size=LARGEST_SOCKET_MESSAGE,
        ws_per_message_deflate=False, lifespan="off", log_config=None, access_log=False,
    )  # fmt: skip
    config.load()
    state = uvicorn.server.ServerState()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: BoundedHTTP(config, state, {}), "127.0.0.1", 0)
    yield SimpleNamespace(port=server.sockets[0].getsockname()[1], state=state)
    server.close()
    for connection in list(state.connections):
        connection.transport.abort()


def open_socket(server) -> connect:
    return connect(f"ws://127.0.0.1:{server.port}/ws", compression=None, max_size=None, ping_interval=None)


def masked(payload: bytes, first: int = BINARY, key: bytes = b"\1\2\3\4") -> bytes:
    size = len(payload)
    length = bytes([0x80 | size]) if size < 126 else b"\xfe" + size.to_bytes(2, "big")
    return bytes([first]) + length + key + bytes(byte ^ key[at % 4] for at, byte in enumerate(payload))


async def test_a_socket_outlives_the_time_that_a_request_has_for_its_head(monkeypatch):
    monkeypatch.setattr(uvicorn_http, "HEAD_SECONDS", 0.2)
    async with serving() as server, open_socket(server) as socket:
        await asyncio.sleep(0.6)
        await socket.send(b"still here")
        assert await socket.recv() == b"still here"


@pytest.mark.parametrize("said", [b"", b"\r\n", b"GET / HTTP/1.1\r\nHost: x\r\n"])
async def test_who_never_ends_the_head_of_a_request_is_cut_off(monkeypatch, said):
    monkeypatch.setattr(uvicorn_http, "HEAD_SECONDS", 0.2)
    async with serving() as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(said)
        async with asyncio.timeout(30):
            with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
                await reader.readexactly(1000)
        writer.close()


async def test_who_never_ends_the_body_of_a_request_is_cut_off(monkeypatch):
    monkeypatch.setattr(uvicorn_http, "BODY_SECONDS", 0.2)
    async with serving() as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf")
        async with asyncio.timeout(30):
            with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
                await reader.readexactly(1000)
        writer.close()


async def test_an_answer_may_take_longer_than_the_body_of_its_request(monkeypatch):
    monkeypatch.setattr(uvicorn_http, "BODY_SECONDS", 0.2)

    async def slow(_scope, receive, send) -> None:
        while (await receive()).get("more_body"):
            pass
        await asyncio.sleep(0.6)
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})

    async with serving(slow) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nha")
        await writer.drain()
        await asyncio.sleep(0.05)
        writer.write(b"lf")
        async with asyncio.timeout(30):
            assert b"204" in await reader.readline()
        writer.close()


@pytest.mark.parametrize("endless", [b"GET /", b"GET / HTTP/1.1\r\nX: "])
async def test_a_head_without_end_is_refused(endless):
    async with serving() as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(endless + b"x" * 300_000)
        async with asyncio.timeout(30):
            assert (await reader.readline()).split()[1] in (b"413", b"400")
        writer.close()


@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, 65535, 65536, LARGEST_SOCKET_MESSAGE])
async def test_messages_of_every_length_come_through_whole(size):
    message = bytes(at % 251 for at in range(size))
    async with serving() as server, open_socket(server) as socket:
        await socket.send(message)
        assert await socket.recv() == message


async def test_frames_that_come_byte_by_byte_or_many_at_once_are_the_same(monkeypatch):
    payloads = [bytes([number]) * (number * 7) for number in range(40)]
    stream = b"".join(map(masked, payloads))
    async with serving() as server, open_socket(server) as socket:
        socket.transport.write(stream)
        assert [await socket.recv() for _ in payloads] == payloads
        for at in range(len(stream)):
            socket.transport.write(stream[at : at + 1])
            await asyncio.sleep(0)
        assert [await socket.recv() for _ in payloads] == payloads


async def test_texts_fragments_and_pings_between_them_keep_their_order():
    async with serving() as server, open_socket(server) as socket:
        await socket.send(b"one")
        await socket.send([b"t", b"w", b"o"])
        await socket.send("three")
        await (await socket.ping())
        await socket.send(b"four")
        assert [await socket.recv() for _ in range(4)] == [b"one", b"two", b"three", b"four"]


@pytest.mark.parametrize(
    ("stream", "code"),
    [
        (b"\x82\x03abc", 1002),  # not masked
        (masked(b"x", first=0xC2), 1002),  # a reserved bit
        (masked(b"x", first=0x83), 1002),  # an opcode that is none
        (masked(b"x", first=0x02) + masked(b"y"), 1002),  # a message inside of another
        (masked(b"x", first=0x80), 1002),  # the end of a message without its beginning
        (b"\x82\xff" + (LARGEST_SOCKET_MESSAGE + 1).to_bytes(8, "big") + b"1234", 1009),
        (masked(b"x", first=0x02) + masked(b"", first=0x00) * 5000, 1008),
    ],
)
async def test_what_breaks_the_protocol_closes_the_socket(stream, code):
    async with serving() as server, open_socket(server) as socket:
        socket.transport.write(stream)
        with pytest.raises(ConnectionClosed) as closed:
            await socket.recv()
        assert closed.value.rcvd.code == code


async def test_who_answers_no_ping_is_cut_off_and_who_does_is_not(monkeypatch):
    monkeypatch.setattr(uvicorn_socket, "LOOK_SECONDS", 0.1)
    async with serving() as server, open_socket(server) as there:
        _, gone = await asyncio.open_connection("127.0.0.1", server.port)
        gone.write(
            b"GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n"
        )
        async with asyncio.timeout(30):
            while len(server.state.connections) < 2:  # noqa: ASYNC110 - of another library
                await asyncio.sleep(0.01)
            while len(server.state.connections) > 1:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        await there.send(b"still here")
        assert await there.recv() == b"still here"
        gone.close()


async def test_who_takes_nothing_is_cut_off(monkeypatch):
    monkeypatch.setattr(uvicorn_socket, "LOOK_SECONDS", 0.1)

    async def flood(_scope, receive, send) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        while True:
            await send({"type": "websocket.send", "bytes": bytes(1024 * 1024)})

    async with serving(flood) as server, open_socket(server) as socket:
        socket.transport.pause_reading()
        async with asyncio.timeout(30):
            while server.state.connections:  # noqa: ASYNC110 - of another library
                await asyncio.sleep(0.01)
        socket.transport.abort()
