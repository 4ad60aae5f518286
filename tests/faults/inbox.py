"""A device's side of reading: a cursor in each mailbox that only moves on by one, and drains where some are missing."""

import asyncio
import hashlib
from dataclasses import dataclass, field

from tests.faults.ledger import Ledger, Read
from tests.faults.link import Frame, Link

DRAIN = 128
ACKNOWLEDGE_SECONDS = 0.2


@dataclass
class Cursor:
    """How far a mailbox was taken in: everything up to `sequence`."""

    sequence: int = 0
    slot: int = 0
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Inbox:
    """Outlives connections, as a browser's store does."""

    def __init__(self, name: str, mailboxes: list[bytes], ledger: Ledger) -> None:
        self.cursors = {mailbox: Cursor() for mailbox in mailboxes}
        self.drains = 0
        self._name = name
        self._ledger = ledger
        self._acknowledging: dict[bytes, int] = {}
        self._to_acknowledge = asyncio.Event()

    async def receive(self, link: Link, mailbox: bytes, pushed: Frame | None = None) -> None:
        """Read a mailbox on: from what was pushed if it goes on there, else by a drain. Raises LinkLost, Refused."""
        cursor = self.cursors[mailbox]
        async with cursor.lock:
            batch = pushed
            while True:
                if batch is not None:
                    self._leave_aside(mailbox, batch)
                    cursor.slot = max(cursor.slot, batch["slot"])
                    if batch["head"] <= cursor.sequence:
                        return
                if batch is None or not any(one["sequence"] == cursor.sequence + 1 for one in batch["envelopes"]):
                    self.drains += 1
                    batch = await link.ask("envelope.drain", mailbox=mailbox, after=cursor.sequence, limit=DRAIN)
                if not self._take_in(mailbox, batch):
                    return
                self._note(mailbox, cursor.sequence)
                if cursor.sequence >= batch["head"]:
                    return
                batch = None

    async def catch_up(self, link: Link) -> None:
        """Read everything that came while there was no connection."""
        after = None
        while True:
            page = await link.ask("mailbox.list", after=after)
            for entry in page["mailboxes"]:
                cursor = self.cursors.get(entry["mailbox"])
                if cursor is None:
                    continue
                cursor.slot = max(cursor.slot, entry["slot"])
                if entry["head"] > cursor.sequence:
                    await self.receive(link, entry["mailbox"])
                elif entry["acknowledged"] < cursor.sequence:
                    self._note(entry["mailbox"], cursor.sequence)
            if not page["more"]:
                return
            after = page["mailboxes"][-1]["mailbox"]

    def _take_in(self, mailbox: bytes, batch: Frame) -> bool:
        cursor = self.cursors[mailbox]
        before = cursor.sequence
        for envelope in batch["envelopes"]:
            if envelope["sequence"] > cursor.sequence:
                self._ledger.take(self._name, mailbox, _as_read(envelope))
                cursor.sequence = envelope["sequence"]
        cursor.slot = max(cursor.slot, batch["slot"])
        return cursor.sequence > before

    def _leave_aside(self, mailbox: bytes, batch: Frame) -> None:
        for envelope in batch["envelopes"]:
            if envelope["sequence"] <= self.cursors[mailbox].sequence:
                self._ledger.see_again(self._name, mailbox, _as_read(envelope))

    async def acknowledge(self, link: Link) -> None:
        """Tell the server how far each mailbox was taken in, several at once, while the connection lasts."""
        while True:
            await self._to_acknowledge.wait()
            await asyncio.sleep(ACKNOWLEDGE_SECONDS)
            noted, self._acknowledging = self._acknowledging, {}
            self._to_acknowledge.clear()
            # One that gets lost is made up for when the device is back: the server then says how far it knows.
            await link.ask_all(
                [
                    {"type": "envelope.acknowledge", "mailbox": mailbox, "sequence": sequence}
                    for mailbox, sequence in noted.items()
                ]
            )

    def _note(self, mailbox: bytes, sequence: int) -> None:
        self._acknowledging[mailbox] = sequence
        self._to_acknowledge.set()


def _as_read(envelope: Frame) -> Read:
    body = envelope["body"]
    hash_ = envelope["hash"] if body is None else hashlib.sha256(body).digest()
    return Read(envelope["sequence"], envelope["id"], envelope["kind"], hash_)
