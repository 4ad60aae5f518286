"""The channel layer, as a worker uses it: one group in which all show that they are there, and one for what each tells.

So a worker that has something to tell does not hear it itself, which would cost as much as hearing another.
"""

import asyncio
import time
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from channels.layers import channel_layers, get_channel_layer
from django.conf import settings

from messaging import wakeup_format
from messaging.wakeup_format import Publication, WakeUp

# Where all hear all: signs of life, and what processes that are no workers tell.
EVERYBODY = "messaging"
# How long the layer may take for one thing before it counts as gone.
PATIENCE_SECONDS = 3.0
FAREWELL_SECONDS = 1.0


class Layer:
    """What the worker `origin` has of the channel layer. Everything raises what the layer does, or TimeoutError."""

    def __init__(self, origin: bytes) -> None:
        self._origin = origin
        self._layer: Any = None
        self._channel = ""

    async def open(self, origins: Iterable[bytes]) -> None:
        """Hear signs of life and what these workers tell, over connections made anew."""
        self._layer = self._layer or _shared()
        if settings.REDIS_URL:
            await self._forget_connections()
        async with asyncio.timeout(PATIENCE_SECONDS):
            self._channel = await self._layer.new_channel()
            await self._layer.group_add(EVERYBODY, self._channel)
            for origin in origins:
                await self._layer.group_add(_group_of(origin), self._channel)

    async def hear(self, origin: bytes) -> None:
        """Hear what another worker tells, from now on."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            await self._layer.group_add(_group_of(origin), self._channel)

    async def ignore(self, origin: bytes) -> None:
        """Hear it no longer."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            await self._layer.group_discard(_group_of(origin), self._channel)

    async def tell(self, publication: Publication) -> None:
        """Tell those who hear this worker."""
        await _send(self._layer, _group_of(self._origin), self._origin, publication)

    async def show(self, number: int) -> None:
        """Give a sign of life, to this worker too, with the number of the last wake-up that was told."""
        await _send(self._layer, EVERYBODY, self._origin, Publication(number, time.time(), []))

    async def receive(self) -> tuple[bytes, bytes]:
        """Return who told something, and the publication in bytes. Waits for ever."""
        message = await self._layer.receive(self._channel)
        return message.get("origin", b""), message.get("body", b"")

    async def leave(self) -> None:
        """Hear nothing more; never raises."""
        with suppress(Exception):
            async with asyncio.timeout(FAREWELL_SECONDS):
                await self._layer.group_discard(EVERYBODY, self._channel)

    async def _forget_connections(self) -> None:
        """Start anew: the layer neither notices every end of a connection nor survives every error in its receiver."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self._layer.flush()
        except Exception:  # noqa: BLE001 - then this one is beyond repair
            self._layer = channel_layers.make_backend("default")


async def tell_everybody(wakeup: WakeUp) -> None:
    """Tell all workers something, from a process that is none."""
    await _send(_shared(), EVERYBODY, b"", Publication(0, time.time(), [wakeup]))


async def _send(layer: Any, group: str, origin: bytes, publication: Publication) -> None:
    message = {"type": "wakeup", "origin": origin, "body": wakeup_format.encode(publication)}
    async with asyncio.timeout(PATIENCE_SECONDS):
        await layer.group_send(group, message)


def _group_of(origin: bytes) -> str:
    return f"{EVERYBODY}.{origin.hex()}"


def _shared() -> Any:
    layer = get_channel_layer()
    if layer is None:
        raise RuntimeError("CHANNEL_LAYERS has no default")
    return layer
