"""What workers tell one another: the only user of the channel layer.

The layer wakes, the database remembers: it drops what is over its capacity, so nothing may depend on it. A worker that
missed a commit sees it by the slot of the next envelope, and asks the database who is subscribed. Envelopes ride along
while they are small; else the browser drains.
"""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from msgspec import Struct

from messaging.batch import Event, SubscribersSet
from messaging.frames import EnvelopeNew
from talk2me import metrics

logger = logging.getLogger(__name__)

GROUP = "messaging"
RIDE_ALONG_BYTES = 64 * 1024
QUEUED = 256
RETRY_SECONDS = 1.0
# Channel layers forget a group's members after a day.
REJOIN_SECONDS = 3600.0


class Told(Struct, frozen=True, tag="told"):
    """The events of a batch."""

    origin: bytes
    events: list[EnvelopeNew | SubscribersSet]


class Signalled(Struct, frozen=True, tag="signalled"):
    """A signal of `device`."""

    origin: bytes
    mailbox: bytes
    body: bytes
    device: bytes


class Opened(Struct, frozen=True, tag="opened"):
    """A device opened a socket, at `opened` in nanoseconds of unix time: older ones close."""

    origin: bytes
    device: bytes
    opened: int


class DevicesEnded(Struct, frozen=True, tag="ended"):
    """Devices that were removed: their sockets close with `code`. Everyone acts on it, whoever tells."""

    devices: list[bytes]
    code: str
    origin: bytes = b""


WakeUp = Told | Signalled | Opened | DevicesEnded

_decoder: msgspec.msgpack.Decoder[WakeUp] = msgspec.msgpack.Decoder(WakeUp)


def encode_wakeup(wakeup: WakeUp) -> bytes:
    """Return what goes through the channel layer."""
    body = msgspec.msgpack.encode(wakeup)
    if len(body) <= RIDE_ALONG_BYTES or not isinstance(wakeup, Told):
        return body
    events = [without_envelopes(event) for event in wakeup.events]
    return msgspec.msgpack.encode(Told(wakeup.origin, events))


def without_envelopes(event: Event) -> Event:
    """Return the event as a mere hint."""
    if isinstance(event, SubscribersSet):
        return event
    return EnvelopeNew(mailbox=event.mailbox, head=event.head, slot=event.slot, envelopes=[])


def publish_from_thread(wakeup: WakeUp) -> None:
    """Tell all workers, from code that runs in a thread of Django; never fails, because a hint is all it is."""
    try:
        async_to_sync(_layer().group_send)(GROUP, {"type": "wakeup", "body": encode_wakeup(wakeup)})
    except Exception:
        logger.exception("a wake-up was lost")


def _layer() -> Any:
    layer = get_channel_layer()
    if layer is None:
        raise RuntimeError("CHANNEL_LAYERS has no default")
    return layer


class Wakeups:
    """One worker's way to the others and back. `act` gets what the others told."""

    def __init__(self, act: Callable[[WakeUp], Awaitable[None]]) -> None:
        self.origin = secrets.token_bytes(8)
        self._act = act
        self._queue: asyncio.Queue[WakeUp] = asyncio.Queue(QUEUED)
        self._channel = ""

    def publish(self, wakeup: WakeUp) -> None:
        """Queue something for the other workers; dropped when the layer can't keep up."""
        if self._queue.full():
            metrics.wakeups_dropped.labels("queue_full").inc()
        else:
            self._queue.put_nowait(wakeup)

    async def join(self) -> None:
        """Hear the others from now on."""
        layer = _layer()
        self._channel = self._channel or await layer.new_channel()
        await layer.group_add(GROUP, self._channel)

    async def send(self) -> None:
        """Publish what was queued, for ever."""
        while True:
            wakeup = await self._queue.get()
            try:
                await _layer().group_send(GROUP, {"type": "wakeup", "body": encode_wakeup(wakeup)})
                metrics.wakeups_sent.inc()
            except Exception:
                logger.exception("a wake-up was lost")
                metrics.wakeups_dropped.labels("layer_failed").inc()

    async def listen(self) -> None:
        """Act on what the others publish, for ever."""
        while True:
            try:
                async with asyncio.timeout(REJOIN_SECONDS):
                    event = await _layer().receive(self._channel)
                wakeup = _decoder.decode(event["body"])
                if wakeup.origin != self.origin:
                    metrics.wakeups_heard.inc()
                    await self._act(wakeup)
            except TimeoutError:
                await self.join()
            except Exception:
                logger.exception("wake-ups can't be heard")
                await asyncio.sleep(RETRY_SECONDS)
                await self.try_to_join()

    async def try_to_join(self) -> None:
        """Join, or go on without the others until the layer is back."""
        try:
            await self.join()
        except Exception:
            logger.exception("wake-ups can't be joined")
