"""One connection of a device: frames out, answers by their `ref`, everything else to `on_push`."""

import asyncio
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

Frame = dict[str, Any]
MESSAGE_FRAMES, MESSAGE_BYTES = 64, 1_500_000


class LinkLost(Exception):
    """The connection is gone: whether the server did what it was asked is not known."""


class Refused(Exception):
    """The server answered with an error frame."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(frame["code"])
        self.code: str = frame["code"]
        self.frame = frame


class Link:
    """Begin with `Link.open`; `run` reads until the connection is gone."""

    def __init__(self, wire: ClientConnection, on_push: Callable[[Frame], None], patience: float) -> None:
        self._wire = wire
        self._on_push = on_push
        self._patience = patience
        self._refs = count(1)
        self._waiting: dict[int, asyncio.Future[Frame]] = {}
        self._lost = False
        # The code of `session.ended` if the server said why, else what is known.
        self.ended_by = ""

    @classmethod
    async def open(cls, port: int, origin: str, on_push: Callable[[Frame], None], patience: float) -> "Link":
        """Connect to a worker; `patience` is how long, in seconds, an answer may take. Raises LinkLost."""
        try:
            wire = await connect(
                f"ws://127.0.0.1:{port}/ws",
                origin=origin,
                compression=None,
                max_size=None,
                open_timeout=patience,
                ping_interval=None,
                close_timeout=1,
            )
        except (OSError, TimeoutError, EOFError) as error:
            raise LinkLost from error
        except Exception as error:  # whatever a dying server answers instead of a handshake
            raise LinkLost from error
        return cls(wire, on_push, patience)

    async def run(self) -> None:
        """Hand on what comes in, until the connection is gone."""
        try:
            async for message in self._wire:
                for frame in msgspec.msgpack.decode(message):
                    self._take(frame)
        except ConnectionClosed as closed:
            self.ended_by = self.ended_by or (f"closed {closed.rcvd.code}" if closed.rcvd else "")
        finally:
            self._give_up()

    def _take(self, frame: Frame) -> None:
        waiting = self._waiting.pop(frame.get("ref") or 0, None)
        if waiting is not None and not waiting.done():
            waiting.set_result(frame)
        elif frame["type"] == "session.ended":
            self.ended_by = frame["code"]
        elif frame["type"] not in ("error", "ok", "pong"):
            self._on_push(frame)

    def _give_up(self) -> None:
        self._lost = True
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(LinkLost())
                waiting.exception()
        self._waiting.clear()

    async def ask_all(self, frames: list[Frame]) -> list["asyncio.Future[Frame]"]:
        """Send frames together; the answers come one by one. Raises LinkLost."""
        if self._lost:
            raise LinkLost
        futures = []
        for frame in frames:
            frame["ref"] = next(self._refs)
            futures.append(asyncio.get_running_loop().create_future())
            self._waiting[frame["ref"]] = futures[-1]
        try:
            for message in in_messages(frames):
                await self._wire.send(message)
        except ConnectionClosed as error:
            self._give_up()
            raise LinkLost from error
        return futures

    async def answer(self, future: "asyncio.Future[Frame]") -> Frame:
        """Wait for one answer; one that is overdue ends the connection. Raises Refused or LinkLost."""
        try:
            async with asyncio.timeout(self._patience):
                frame = await future
        except TimeoutError as error:
            self.ended_by = self.ended_by or "answer overdue"
            self.drop()
            raise LinkLost from error
        if frame["type"] == "error":
            raise Refused(frame)
        return frame

    async def ask(self, type_: str, **fields: Any) -> Frame:
        """Send one frame and return its answer. Raises Refused or LinkLost."""
        (future,) = await self.ask_all([{"type": type_, **fields}])
        return await self.answer(future)

    def drop(self) -> None:
        """Cut the connection without a word, as a browser that is closed does."""
        self._give_up()
        self._wire.transport.abort()


def in_messages(frames: list[Frame]) -> Iterator[bytes]:
    """Pack frames, in order, into as few messages as their limits allow."""
    together: list[msgspec.Raw] = []
    size = 0
    for frame in frames:
        packed = msgspec.msgpack.encode(frame)
        if together and (len(together) == MESSAGE_FRAMES or size + len(packed) > MESSAGE_BYTES):
            yield msgspec.msgpack.encode(together)
            together, size = [], 0
        together.append(msgspec.Raw(packed))
        size += len(packed)
    if together:
        yield msgspec.msgpack.encode(together)
