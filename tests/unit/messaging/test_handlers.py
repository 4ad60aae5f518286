"""What a handler may miss while it waits."""

from types import SimpleNamespace

from messaging import handlers
from messaging.frames import EnvelopeDrain, EnvelopeNew, encode
from messaging.send_window import SendWindow
from messaging.services.drain_mailbox import Bounds, Range
from tests.unit.messaging.test_send_window import MAILBOX, FakeWire, a_turn


def tell(window: SendWindow, head: int) -> None:
    news = EnvelopeNew(mailbox=MAILBOX, head=head, slot=1, envelopes=[])
    window.push(news, encode(news))


async def test_a_browser_that_lags_is_told_of_what_comes_while_a_range_is_read_for_it():
    wire = FakeWire()
    window = SendWindow(wire)
    window.lagging, window._told = True, {}  # noqa: SLF001 - as after a MiB that was not acknowledged
    tell(window, 1)

    async def read(_device: bytes, _mailbox: bytes, _bounds: Bounds) -> Range:
        # Stored after the range was read, and pushed before it is there.
        tell(window, 2)
        return Range(head=1, slot=1, envelopes=[])

    session = SimpleNamespace(window=window, device=b"d" * 16)
    worker = SimpleNamespace(store=SimpleNamespace(drain=read))
    await handlers.drain(session, worker, EnvelopeDrain(ref=1, mailbox=MAILBOX, after=0, limit=1))
    await a_turn()
    assert [(frame["type"], frame["head"]) for frame in wire.frames()] == [
        ("envelope.new", 1),
        ("envelope.new", 2),
        ("envelope.batch", 1),
    ]


async def test_who_reads_backwards_is_still_to_drain_what_it_was_told_of():
    wire = FakeWire()
    window = SendWindow(wire)
    window.lagging, window._told = True, {}  # noqa: SLF001 - as after a MiB that was not acknowledged
    tell(window, 1)

    async def read(_device: bytes, _mailbox: bytes, _bounds: Bounds) -> Range:
        return Range(head=1, slot=1, envelopes=[])

    session = SimpleNamespace(window=window, device=b"d" * 16)
    worker = SimpleNamespace(store=SimpleNamespace(drain=read))
    await handlers.drain(session, worker, EnvelopeDrain(ref=1, mailbox=MAILBOX, after=0, limit=1, before=9))
    # Once is enough, until it reads forwards.
    tell(window, 2)
    await handlers.drain(session, worker, EnvelopeDrain(ref=2, mailbox=MAILBOX, after=0, limit=1))
    tell(window, 3)
    await a_turn()
    assert [(frame["type"], frame["head"]) for frame in wire.frames()] == [
        ("envelope.new", 1),
        ("envelope.batch", 1),
        ("envelope.batch", 1),
        ("envelope.new", 3),
    ]
