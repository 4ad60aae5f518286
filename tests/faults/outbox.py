"""A device's side of sending: the same bytes under the same id, again and again, until they are accepted or refused."""

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass

from tests.faults.ledger import Ledger
from tests.faults.link import Frame, Link, LinkLost, Refused

TOGETHER = 32
RETRY_SECONDS = 0.4
# After these a browser sends the same bytes again; after any other code it does not.
LATER = {"storage_failed", "rate_limited", "quota_reached", "internal"}
COMMITMENT = bytes(range(32))


@dataclass
class Outgoing:
    """What is to be sent. A commit keeps the slot that it was made for."""

    mailbox: bytes
    id: bytes
    body: bytes
    kind: str = "application"
    slot: int | None = None


class Outbox:
    """Outlives connections. `slot_of` gives the newest slot that the device knows, `people_of` (accounts, devices)."""

    def __init__(
        self,
        name: str,
        ledger: Ledger,
        slot_of: Callable[[bytes], int],
        people_of: Callable[[bytes], tuple[list[bytes], list[bytes]]],
    ) -> None:
        self.waiting: list[Outgoing] = []
        self.sent_again = 0
        self._name = name
        self._ledger = ledger
        self._slot_of = slot_of
        self._people_of = people_of
        self._tried: set[bytes] = set()
        self._news = asyncio.Event()

    def put(self, mailbox: bytes, body: bytes, kind: str = "application", slot: int | None = None) -> bytes:
        """Queue new content and return its envelope's id; a commit may be made for a slot, else for the newest."""
        outgoing = Outgoing(mailbox, os.urandom(16), body, kind, slot)
        self._ledger.offer(self._name, mailbox, outgoing.id, kind, body)
        self.waiting.append(outgoing)
        self._news.set()
        return outgoing.id

    async def run(self, link: Link) -> None:
        """Send what waits, for as long as the connection lasts. Raises LinkLost."""
        while True:
            await self._news.wait()
            batch = self.waiting[:TOGETHER]
            if not batch:
                self._news.clear()
                continue
            if not await self._send(link, batch):
                await asyncio.sleep(RETRY_SECONDS)

    def wake(self) -> None:
        """There is a new connection: what waits is sent again."""
        self._news.set()

    async def _send(self, link: Link, batch: list[Outgoing]) -> bool:
        """Send some and return whether each was settled. Raises LinkLost."""
        self.sent_again += sum(one.id in self._tried for one in batch)
        self._tried.update(one.id for one in batch)
        futures = await link.ask_all([self._frame(one) for one in batch])
        answers = await asyncio.gather(*map(link.answer, futures), return_exceptions=True)
        settled = True
        for outgoing, answer in zip(batch, answers, strict=True):
            if isinstance(answer, Refused):
                settled &= self._refused(outgoing, answer)
            elif isinstance(answer, BaseException):
                if not isinstance(answer, LinkLost):
                    raise answer
            else:
                self._accepted(outgoing, answer)
        if any(isinstance(answer, LinkLost) for answer in answers):
            raise LinkLost
        return settled

    def _frame(self, outgoing: Outgoing) -> Frame:
        slot = self._slot_of(outgoing.mailbox)
        shared = {"mailbox": outgoing.mailbox, "id": outgoing.id, "body": outgoing.body}
        if outgoing.kind != "commit":
            return shared | {
                "type": "envelope.send", "kind": outgoing.kind, "slot": slot, "commitment": COMMITMENT,
                "expires_in": None,
            }  # fmt: skip
        outgoing.slot = slot if outgoing.slot is None else outgoing.slot
        members, subscribers = self._people_of(outgoing.mailbox)
        return shared | {
            "type": "commit.send", "slot": outgoing.slot, "members": members, "subscribers": subscribers,
            "welcomes": [], "group_info": outgoing.body,
        }  # fmt: skip

    def _accepted(self, outgoing: Outgoing, answer: Frame) -> None:
        self.waiting.remove(outgoing)
        self._ledger.accept(outgoing.mailbox, outgoing.id, answer["sequence"], duplicate=answer["duplicate"])

    def _refused(self, outgoing: Outgoing, error: Refused) -> bool:
        if error.code in LATER:
            self._ledger.told_later[error.code] += 1
            return False
        self.waiting.remove(outgoing)
        self._ledger.refuse(outgoing.mailbox, outgoing.id, error.code)
        if error.code == "slot_stale":
            # Encrypted again for the present slot: other bytes, so another id.
            self.put(outgoing.mailbox, os.urandom(len(outgoing.body)), outgoing.kind)
            return False
        return True
