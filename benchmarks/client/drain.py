"""Offline, then drain: one device sends while the other is away; then that one comes and reads everything."""

import asyncio
import time

from benchmarks.client.plan import Drained, Plan
from benchmarks.client.usage import Usage
from benchmarks.wires.ours import Batch, OursWire
from benchmarks.wires.wire import BODY

IN_FLIGHT = 512
CHUNK = 256
SENDER, READER = 0, 1


class Drain(OursWire):
    """Keeps two drains of CHUNK envelopes in flight, checks that nothing is missing, and acknowledges."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan, self._on_stored, lambda _: None)
        self.stored = self.asked = self.read = 0
        self.sent = 0
        self.finished = asyncio.get_running_loop().create_future()

    async def run(self) -> Drained:
        """Fill, drain, and tell how fast."""
        await self.open(SENDER, SENDER + 1)
        start = time.perf_counter()
        for _ in range(min(IN_FLIGHT, self.plan.envelopes)):
            self._send_next()
        await self.finished
        appended = time.perf_counter() - start
        self.finished = asyncio.get_running_loop().create_future()
        await self.open(READER, READER + 1)
        usage, start = Usage(self.plan.processes), time.perf_counter()
        self._ask_next()
        self._ask_next()
        await self.finished
        took, used = time.perf_counter() - start, usage.since()
        count = self.plan.envelopes
        return Drained(
            envelopes=count,
            append_per_second=count / appended,
            per_second=count / took,
            megabytes_per_second=count * BODY / took / 1e6,
            processor_us={name: seconds / count * 1e6 for name, seconds in used.items()},
            others=usage.others(),
        )

    def drained(self, socket: int, batch: Batch) -> None:
        """Take a batch; ask for the next."""
        sequences = [envelope.sequence for envelope in batch.envelopes]
        if sequences != list(range(self.read + 1, self.read + 1 + len(sequences))) or not sequences:
            raise ConnectionError(f"after {self.read} came {sequences[:1]} to {sequences[-1:]}")
        self.read = sequences[-1]
        self.note(socket, batch.mailbox, self.read)
        if self.read == self.plan.envelopes:
            self.finished.set_result(None)
        else:
            self._ask_next()

    def _ask_next(self) -> None:
        if self.asked < self.plan.envelopes:
            mailbox = self.mailboxes[SENDER, READER]
            ask = {"type": "envelope.drain", "ref": 0, "mailbox": mailbox, "after": self.asked, "limit": CHUNK}
            self.ask(READER, ask)
            self.asked += CHUNK

    def _send_next(self) -> None:
        self.sent += 1
        self.send(SENDER, READER, self.sent)

    def _on_stored(self, _number: int) -> None:
        self.stored += 1
        if self.stored == self.plan.envelopes:
            self.finished.set_result(None)
        elif self.sent < self.plan.envelopes:
            self._send_next()
