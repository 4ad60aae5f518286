"""Acknowledgements gather while the database is slow."""

import asyncio

from messaging import acknowledgements
from messaging.acknowledgements import Acknowledgements

MAILBOX, DEVICE = b"m" * 16, b"d" * 16


async def test_while_one_flush_is_under_way_no_other_begins(monkeypatch):
    monkeypatch.setattr(acknowledgements, "FLUSH_SECONDS", 0.001)
    written: asyncio.Queue[dict] = asyncio.Queue()
    hanging = asyncio.Event()

    async def run_write(_work, cursors) -> None:
        written.put_nowait(cursors)
        await hanging.wait()

    monkeypatch.setattr(acknowledgements, "run_write", run_write)
    noted = Acknowledgements()
    noted.note(MAILBOX, DEVICE, 1)
    assert await asyncio.wait_for(written.get(), 10) == {(MAILBOX, DEVICE): 1}
    for sequence in range(2, 20):
        noted.note(MAILBOX, DEVICE, sequence)
        await asyncio.sleep(0.002)
    assert written.empty()
    hanging.set()
    assert await asyncio.wait_for(written.get(), 10) == {(MAILBOX, DEVICE): 19}
