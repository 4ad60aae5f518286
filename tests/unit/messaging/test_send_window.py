"""The way out of a socket: packed, bounded, and told to drain when it falls behind."""

import asyncio

import msgspec
import pytest

from messaging.frames import MESSAGE_BYTES, Envelope, EnvelopeNew, Ok, encode
from messaging.send_window import WINDOW_BYTES, SendWindow

MAILBOX, OTHER = b"m" * 16, b"o" * 16


class FakeWire:
    """Collects what is written; takes nothing while it is full."""

    on_message = on_room = None
    full = False

    def __init__(self) -> None:
        self.written: list[bytes] = []
        self.closed: list[int] = []

    def write(self, content: bytes) -> None:
        assert not self.full
        self.written.append(content)

    def hold(self, held: bool) -> None:
        raise AssertionError(held)

    def close(self, code: int) -> None:
        self.closed.append(code)

    def take_again(self) -> None:
        self.full = False
        self.on_room()

    def frames(self) -> list[dict]:
        return [frame for message in self.written for frame in msgspec.msgpack.decode(message)]


def news(sequence: int, size: int = 1024, mailbox: bytes = MAILBOX) -> EnvelopeNew:
    envelope = Envelope(sequence, bytes(16), "application", 1, bytes(size), None, 60, bytes(32), bytes(32), None)
    return EnvelopeNew(mailbox=mailbox, head=sequence, slot=1, envelopes=[envelope])


def push(window: SendWindow, pushed: EnvelopeNew) -> None:
    window.push(pushed, encode(pushed))


async def run_to_the_end(window: SendWindow) -> None:
    window.finish(1000)
    await a_turn()


async def a_turn() -> None:
    """One turn of the event loop."""
    await asyncio.sleep(0)


async def test_what_waits_goes_out_in_one_message_in_order():
    wire = FakeWire()
    window = SendWindow(wire)
    for ref in range(5):
        window.put(encode(Ok(ref=ref)))
    await run_to_the_end(window)
    assert [frame["ref"] for frame in wire.frames()] == [0, 1, 2, 3, 4]
    assert (len(wire.written), wire.closed) == (1, [1000])


async def test_a_message_has_at_most_64_frames_and_its_limit_of_bytes():
    wire = FakeWire()
    window = SendWindow(wire)
    for ref in range(100):
        window.put(encode(Ok(ref=ref)))
    for sequence in range(1, 8):
        push(window, news(sequence, 256 * 1024 if sequence < 5 else 10))
    await run_to_the_end(window)
    assert all(len(message) <= MESSAGE_BYTES for message in wire.written)
    assert all(len(msgspec.msgpack.decode(message)) <= 64 for message in wire.written)
    assert [frame["ref"] for frame in wire.frames() if frame["type"] == "ok"] == list(range(100))


async def test_a_browser_that_acknowledges_nothing_is_told_once_to_drain():
    wire = FakeWire()
    window = SendWindow(wire)
    for sequence in range(1, 3000):
        push(window, news(sequence))
    push(window, news(1, mailbox=OTHER))
    await run_to_the_end(window)
    pushed = [frame for frame in wire.frames() if frame["mailbox"] == MAILBOX]
    assert sum(len(frame["envelopes"]) for frame in pushed) * 1024 <= WINDOW_BYTES + 2048
    assert [frame["envelopes"] for frame in pushed if not frame["envelopes"]] == [[]]
    assert [frame["envelopes"] for frame in wire.frames() if frame["mailbox"] == OTHER] == [[]]


async def test_after_a_drain_it_is_told_again():
    wire = FakeWire()
    window = SendWindow(wire)
    for sequence in range(1, 1100):
        push(window, news(sequence))
    window.reads(MAILBOX)
    window.has_read(MAILBOX, 1100)
    push(window, news(1101))
    await run_to_the_end(window)
    assert [frame["head"] for frame in wire.frames() if not frame["envelopes"]][-1] == 1101


async def test_what_it_was_told_while_it_drained_and_read_with_that_does_not_keep_it_from_being_told_of_more():
    wire = FakeWire()
    window = SendWindow(wire)
    for sequence in range(1, 1100):
        push(window, news(sequence))
    window.reads(MAILBOX)
    push(window, news(1101))
    # The range ends behind it: the browser does not drain for what it has.
    window.has_read(MAILBOX, 1101)
    push(window, news(1102))
    push(window, news(1103))
    # This one does not reach what was told meanwhile: the browser drains again, and is not told twice.
    window.has_read(MAILBOX, 1101)
    push(window, news(1104))
    await run_to_the_end(window)
    assert [frame["head"] for frame in wire.frames() if not frame["envelopes"]][-2:] == [1101, 1102]


async def test_it_gets_envelopes_again_when_it_has_caught_up():
    wire = FakeWire()
    window = SendWindow(wire)
    for sequence in range(1, 2000):
        push(window, news(sequence))
    assert window.lagging
    window.acknowledged(MAILBOX, 1999)
    assert not window.lagging
    push(window, news(2000))
    await run_to_the_end(window)
    assert wire.frames()[-1]["envelopes"][0]["sequence"] == 2000


async def test_half_an_acknowledgement_frees_nothing():
    window = SendWindow(FakeWire())
    for sequence in range(1, 2000):
        push(window, news(sequence))
    window.acknowledged(MAILBOX, 5)
    window.acknowledged(OTHER, 5000)
    assert window.lagging


async def test_more_is_only_done_for_a_socket_when_its_answers_have_left():
    wire = FakeWire()
    wire.full = True
    window = SendWindow(wire)
    for _ in range(4):
        window.put(bytes(1024 * 1024))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await window.room()
    assert window.crowded
    wire.take_again()
    async with asyncio.timeout(5):
        await window.room()
    assert len(wire.written) == 4


async def test_it_closes_when_what_was_queued_has_left():
    wire = FakeWire()
    wire.full = True
    window = SendWindow(wire)
    window.put(encode(Ok(ref=1)))
    await run_to_the_end(window)
    assert not wire.closed
    wire.take_again()
    assert ([frame["ref"] for frame in wire.frames()], wire.closed) == ([1], [1000])


async def test_who_waits_for_room_goes_on_when_the_connection_is_gone():
    wire = FakeWire()
    wire.full = True
    window = SendWindow(wire)
    for _ in range(4):
        window.put(bytes(1024 * 1024))
    waiting = asyncio.ensure_future(window.room())
    await a_turn()
    window.forget()
    async with asyncio.timeout(5):
        await waiting


async def test_nothing_follows_the_end():
    wire = FakeWire()
    window = SendWindow(wire)
    window.put(encode(Ok(ref=1)))
    window.finish(4401)
    window.put(encode(Ok(ref=2)))
    window.finish(4403)
    await run_to_the_end(window)
    assert [frame["ref"] for frame in wire.frames()] == [1]
    assert wire.closed == [4401]
