"""Acknowledgements gather while the database is slow."""

import asyncio

from messaging import acknowledgements
from messaging.acknowledgements import Acknowledgements
from messaging.store import Store

MAILBOX, DEVICE = b"m" * 16, b"d" * 16


async def test_while_one_flush_is_under_way_no_other_begins(monkeypatch):
    monkeypatch.setattr(acknowledgements, "FLUSH_SECONDS", 0.001)
    written: asyncio.Queue[dict] = asyncio.Queue()
    hanging = asyncio.Event()

    class Slow(Store):
        async def acknowledge(self, cursors):
            written.put_nowait(cursors)
            await hanging.wait()

    noted = Acknowledgements(Slow())
    noted.note(MAILBOX, DEVICE, 1)
    assert await asyncio.wait_for(written.get(), 10) == {(MAILBOX, DEVICE): 1}
    for sequence in range(2, 20):
        noted.note(MAILBOX, DEVICE, sequence)
        await asyncio.sleep(0.002)
    assert written.empty()
    hanging.set()
    assert await asyncio.wait_for(written.get(), 10) == {(MAILBOX, DEVICE): 19}
