"""The load: so many envelopes in flight, or so many a second, between random pairs of sockets; what came of it."""

import asyncio
import random
import statistics
import time

from benchmarks.client.plan import Figures, Plan
from benchmarks.client.usage import Usage
from benchmarks.wires.wire import Wire

TICK = 0.001
# When nothing comes for so long, something is broken.
SILENCE = 20.0


class Load:
    """Counts an envelope when its sender knows that it is stored and its recipient has it.

    At a fixed rate the times count from when an envelope was due, not from when it was sent: a server that holds up
    the load is not spared what was not sent meanwhile.
    """

    def __init__(self, plan: Plan, wire: type[Wire]) -> None:
        self.plan = plan
        self.wire = wire(plan, self.stored, self.received)
        self.pairs = self.wire.pairs
        self.waiting: dict[int, float] = {}
        self.half: dict[int, float] = {}
        self.delivered: list[float] = []
        self.done: list[float] = []
        self.number = 0
        self.counting = False
        self.closed = plan.mode == "closed"

    async def run(self) -> Figures:
        """Keep the load up; return the figures of the time after the warm-up."""
        await self.wire.open(0, self.plan.sockets)
        pace = asyncio.ensure_future(self._keep_rate()) if self.plan.mode == "rate" else None
        if self.closed:
            for _ in range(self.plan.in_flight):
                self.next(time.perf_counter())
        await asyncio.sleep(self.plan.warm_up)
        usage, acknowledged = Usage(self.plan.processes), self.wire.acknowledgements
        self.counting, start = True, time.perf_counter()
        await self._for(self.plan.seconds)
        self.closed, self.counting = False, False
        took, used, acknowledged = time.perf_counter() - start, usage.since(), self.wire.acknowledgements - acknowledged
        if pace is not None:
            pace.cancel()
        count = len(self.done)
        delivered, done = (statistics.quantiles(times, n=100) for times in (self.delivered, self.done))
        return Figures(
            per_second=count / took,
            delivered_p50=delivered[49] * 1000,
            delivered_p99=delivered[98] * 1000,
            done_p50=done[49] * 1000,
            done_p99=done[98] * 1000,
            acknowledgements=acknowledged,
            envelopes=count,
            processor_us={name: seconds / count * 1e6 for name, seconds in used.items()},
            others=usage.others(),
        )

    async def _for(self, seconds: float) -> None:
        end = time.perf_counter() + seconds
        before, changed = -1, time.perf_counter()
        while time.perf_counter() < end:
            await asyncio.sleep(min(0.25, max(0.0, end - time.perf_counter())))
            if len(self.done) != before:
                before, changed = len(self.done), time.perf_counter()
            elif time.perf_counter() - changed > SILENCE:
                raise TimeoutError(f"nothing came for {SILENCE:.0f} s")

    async def _keep_rate(self) -> None:
        start = time.perf_counter()
        sent = 0
        while True:
            due = int((time.perf_counter() - start) * self.plan.rate)
            while sent < due:
                sent += 1
                self.next(start + sent / self.plan.rate)
            await asyncio.sleep(TICK)

    def next(self, now: float) -> None:
        """Send one more."""
        sender, recipient = random.choice(self.pairs)
        if random.random() < 0.5:
            sender, recipient = recipient, sender
        self.number += 1
        self.waiting[self.number] = now
        self.wire.send(sender, recipient, self.number)

    def stored(self, number: int) -> None:
        """Note that the sender of an envelope knows that it is stored."""
        self._half_done(number, time.perf_counter())

    def received(self, number: int) -> None:
        """Note that the recipient of an envelope has it."""
        now = time.perf_counter()
        if self.counting:
            self.delivered.append(now - self.waiting[number])
        self._half_done(number, now)

    def _half_done(self, number: int, now: float) -> None:
        if number not in self.half:
            self.half[number] = now
            return
        del self.half[number]
        started = self.waiting.pop(number)
        if self.counting:
            self.done.append(now - started)
        if self.closed:
            self.next(now)
