"""The wire of a socket whose server has none of its own (talk2me.socket_wire): over ASGI's `send`, by a task."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

Send = Callable[[dict[str, Any]], Awaitable[None]]


class AsgiWire:
    """Messages come as events to whoever receives, which gives them to `on_message`; `full` while one is being sent."""

    on_message: Callable[[bytes], None] | None = None
    on_room: Callable[[], None] | None = None
    full = False

    def __init__(self, send: Send) -> None:
        self._send = send
        self._events: list[dict[str, Any]] = []
        self._task: asyncio.Task[None] | None = None

    def write(self, content: bytes) -> None:
        """Send a binary message."""
        self._put({"type": "websocket.send", "bytes": content})

    def hold(self, held: bool) -> None:
        """Whoever receives waits by itself."""

    def close(self, code: int) -> None:
        """Close after what was written."""
        self._put({"type": "websocket.close", "code": code})

    def _put(self, event: dict[str, Any]) -> None:
        self._events.append(event)
        self.full = True
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._work())

    async def _work(self) -> None:
        try:
            while self._events:
                await self._send(self._events.pop(0))
        except OSError:
            # The peer is gone; whoever receives hears of it.
            self._events.clear()
        finally:
            self.full, self._task = False, None
        if self.on_room is not None:
            self.on_room()
