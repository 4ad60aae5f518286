"""Answers longer than a buffer: written no faster than they are taken, and not kept for who takes nothing."""

import asyncio
from contextlib import suppress
from types import SimpleNamespace

import pytest

from talk2me import bounds
from talk2me.response_pace import ResponsePace
from tests.unit.talk2me.test_uvicorn_bounds import serving

PIECE = bytes(64 * 1024)
PIECES = 2000


async def application(_scope, _receive, send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    for _ in range(PIECES):
        await send({"type": "http.response.body", "body": PIECE, "more_body": True})
    await send({"type": "http.response.body"})


async def test_on_uvicorn_who_takes_nothing_is_cut_off(monkeypatch):
    monkeypatch.setattr(bounds, "TAKE_SECONDS", 0.3)
    async with serving(application) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port, limit=1)
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        async with asyncio.timeout(20):
            while not server.state.connections:  # noqa: ASYNC110 - of the server's own loop
                await asyncio.sleep(0.01)
            while server.state.connections:  # noqa: ASYNC110 - of the server's own loop
                await asyncio.sleep(0.01)
        size = 0
        with suppress(ConnectionResetError):
            while piece := await reader.read(1024 * 1024):
                size += len(piece)
        assert size < PIECES * len(PIECE)
        writer.close()


async def test_on_uvicorn_who_takes_slowly_gets_all(monkeypatch):
    monkeypatch.setattr(bounds, "TAKE_SECONDS", 20)
    async with serving(application) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        size = 0
        while piece := await reader.read(1024 * 1024):
            size += len(piece)
        assert size > PIECES * len(PIECE)
        writer.close()


class Request:
    """What a pace uses of Twisted's requests."""

    def __init__(self) -> None:
        self.producer = None
        self.was_cut_off = asyncio.Event()
        self.cut_off = self.was_cut_off.set

    def registerProducer(self, producer, streaming) -> None:  # noqa: N802 - Twisted's name
        assert streaming
        self.producer = producer

    def unregisterProducer(self) -> None:  # noqa: N802 - Twisted's name
        self.producer = None


@pytest.fixture
def paced() -> SimpleNamespace:
    request = Request()
    return SimpleNamespace(request=request, pace=ResponsePace(request))


async def test_on_daphne_one_waits_while_the_buffer_is_full(paced):
    await paced.pace.writable()
    paced.pace.pauseProducing()
    waiting = asyncio.ensure_future(paced.pace.writable())
    await asyncio.sleep(0)
    assert not waiting.done()
    paced.pace.resumeProducing()
    await waiting


@pytest.mark.parametrize("way", ["stopProducing", "end"])
async def test_on_daphne_nobody_waits_for_a_connection_that_is_gone(paced, way):
    paced.pace.pauseProducing()
    waiting = asyncio.ensure_future(paced.pace.writable())
    await asyncio.sleep(0)
    getattr(paced.pace, way)()
    await waiting
    assert not paced.request.was_cut_off.is_set()


async def test_on_daphne_who_takes_nothing_is_cut_off_and_who_does_is_not(paced, monkeypatch):
    monkeypatch.setattr(bounds, "TAKE_SECONDS", 0.05)
    paced.pace.pauseProducing()
    async with asyncio.timeout(20):
        await paced.request.was_cut_off.wait()
    paced.request.was_cut_off.clear()
    paced.pace.resumeProducing()
    for _ in range(20):
        paced.pace.pauseProducing()
        paced.pace.resumeProducing()
    await asyncio.sleep(0.1)
    assert not paced.request.was_cut_off.is_set()
