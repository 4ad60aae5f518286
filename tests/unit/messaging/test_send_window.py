"""The way out of a socket: packed, bounded, and told to drain when it falls behind."""

import asyncio

import msgspec
import pytest

from messaging.frames import MESSAGE_BYTES, Envelope, EnvelopeNew, Ok, encode
from messaging.send_window import WINDOW_BYTES, SendWindow

MAILBOX, OTHER = b"m" * 16, b"o" * 16


class Wire:
    """Collects what is sent; waits while `open` is not set."""

    def __init__(self) -> None:
        self.open = asyncio.Event()
        self.open.set()
        self.events: list[dict] = []

    async def send(self, event: dict) -> None:
        await self.open.wait()
        self.events.append(event)

    def frames(self) -> list[dict]:
        return [frame for event in self.events if "bytes" in event for frame in msgspec.msgpack.decode(event["bytes"])]


def news(sequence: int, size: int = 1024, mailbox: bytes = MAILBOX) -> EnvelopeNew:
    envelope = Envelope(sequence, bytes(16), "application", 1, bytes(size), None, 60, bytes(32), bytes(32), None)
    return EnvelopeNew(mailbox=mailbox, head=sequence, slot=1, envelopes=[envelope])


def push(window: SendWindow, pushed: EnvelopeNew) -> None:
    window.push(pushed, encode(pushed))


async def run_to_the_end(window: SendWindow) -> None:
    window.finish(1000)
    async with asyncio.timeout(5):
        await window.run()


async def test_what_waits_goes_out_in_one_message_in_order():
    wire = Wire()
    window = SendWindow(wire.send)
    for ref in range(5):
        window.put(encode(Ok(ref=ref)))
    await run_to_the_end(window)
    assert [frame["ref"] for frame in wire.frames()] == [0, 1, 2, 3, 4]
    assert [event["type"] for event in wire.events] == ["websocket.send", "websocket.close"]


async def test_a_message_has_at_most_64_frames_and_its_limit_of_bytes():
    wire = Wire()
    window = SendWindow(wire.send)
    for ref in range(100):
        window.put(encode(Ok(ref=ref)))
    for sequence in range(1, 8):
        push(window, news(sequence, 256 * 1024 if sequence < 5 else 10))
    await run_to_the_end(window)
    messages = [event["bytes"] for event in wire.events[:-1]]
    assert all(len(message) <= MESSAGE_BYTES for message in messages)
    assert all(len(msgspec.msgpack.decode(message)) <= 64 for message in messages)
    assert [frame["ref"] for frame in wire.frames() if frame["type"] == "ok"] == list(range(100))


async def test_a_browser_that_acknowledges_nothing_is_told_once_to_drain():
    wire = Wire()
    window = SendWindow(wire.send)
    for sequence in range(1, 3000):
        push(window, news(sequence))
    push(window, news(1, mailbox=OTHER))
    await run_to_the_end(window)
    pushed = [frame for frame in wire.frames() if frame["mailbox"] == MAILBOX]
    assert sum(len(frame["envelopes"]) for frame in pushed) * 1024 <= WINDOW_BYTES + 2048
    assert [frame["envelopes"] for frame in pushed if not frame["envelopes"]] == [[]]
    assert [frame["envelopes"] for frame in wire.frames() if frame["mailbox"] == OTHER] == [[]]


async def test_after_a_drain_it_is_told_again():
    wire = Wire()
    window = SendWindow(wire.send)
    for sequence in range(1, 1100):
        push(window, news(sequence))
    window.drained(MAILBOX)
    push(window, news(1101))
    await run_to_the_end(window)
    assert [frame["head"] for frame in wire.frames() if not frame["envelopes"]][-1] == 1101


async def test_it_gets_envelopes_again_when_it_has_caught_up():
    wire = Wire()
    window = SendWindow(wire.send)
    for sequence in range(1, 2000):
        push(window, news(sequence))
    assert window.lagging
    window.acknowledged(MAILBOX, 1999)
    assert not window.lagging
    push(window, news(2000))
    await run_to_the_end(window)
    assert wire.frames()[-1]["envelopes"][0]["sequence"] == 2000


async def test_half_an_acknowledgement_frees_nothing():
    window = SendWindow(Wire().send)
    for sequence in range(1, 2000):
        push(window, news(sequence))
    window.acknowledged(MAILBOX, 5)
    window.acknowledged(OTHER, 5000)
    assert window.lagging


async def test_more_is_only_done_for_a_socket_when_its_answers_have_left():
    wire = Wire()
    wire.open.clear()
    window = SendWindow(wire.send)
    task = asyncio.create_task(window.run())
    for _ in range(4):
        window.put(bytes(1024 * 1024))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await window.room()
    wire.open.set()
    async with asyncio.timeout(5):
        await window.room()
    task.cancel()


async def test_nothing_follows_the_end():
    wire = Wire()
    window = SendWindow(wire.send)
    window.put(encode(Ok(ref=1)))
    window.finish(4401)
    window.put(encode(Ok(ref=2)))
    window.finish(4403)
    await run_to_the_end(window)
    assert [frame["ref"] for frame in wire.frames()] == [1]
    assert wire.events[-1] == {"type": "websocket.close", "code": 4401}
