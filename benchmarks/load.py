"""The load: so many envelopes in flight between random pairs of sockets, for so long, and what came of it."""

import asyncio
import os
import random
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol


class Wire(Protocol):
    """How one server is spoken to."""

    async def open(self, sockets: int, on_stored: Callable[[int], None], on_received: Callable[[int], None]) -> None:
        """Open sockets; call back with an envelope's number when its sender has the answer, its recipient the body."""

    def send(self, sender: int, recipient: int, number: int) -> None:
        """Send one envelope of 1 KB."""


@dataclass
class Figures:
    """What was measured: envelopes per second that were both durable and received, their latency in ms.

    `server_us` is the processor time of the server for each, in microseconds: steadier than the rate where other work
    shares the machine.
    """

    per_second: float
    p50: float
    p99: float
    server_us: float

    def as_text(self) -> str:
        """Return one line."""
        latency = f"p50 {self.p50:7.1f} ms   p99 {self.p99:7.1f} ms"
        return f"{self.per_second:8,.0f} /s   {latency}   {self.server_us:6,.0f} us of the server each"


def processor_seconds(process: int) -> float:
    """Return the processor time that a process has used so far (proc(5): fields 14 and 15, in clock ticks)."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@dataclass
class Load:
    """Counts an envelope when its sender knows that it is durable and its recipient has it."""

    wire: Wire
    sockets: int
    in_flight: int
    seconds: float
    server: int
    warm_up: float = 1.0
    half_done: set[int] = field(default_factory=set)
    sent: dict[int, float] = field(default_factory=dict)
    latencies: list[float] = field(default_factory=list)
    numbers: int = 0
    counting: bool = False
    stopped: bool = False

    async def run(self) -> Figures:
        """Keep the load up; return the figures of the time after the warm-up."""
        await self.wire.open(self.sockets, self.half, self.half)
        for _ in range(self.in_flight):
            self.next()
        await asyncio.sleep(self.warm_up)
        self.counting, start, worked = True, time.perf_counter(), processor_seconds(self.server)
        await asyncio.sleep(self.seconds)
        self.stopped, took, worked = True, time.perf_counter() - start, processor_seconds(self.server) - worked
        cuts = statistics.quantiles(self.latencies, n=100)
        count = len(self.latencies)
        return Figures(count / took, cuts[49] * 1000, cuts[98] * 1000, worked / count * 1e6)

    def next(self) -> None:
        """Send one more."""
        sender, recipient = random.sample(range(self.sockets), 2)
        self.numbers += 1
        self.sent[self.numbers] = time.perf_counter()
        self.wire.send(sender, recipient, self.numbers)

    def half(self, number: int) -> None:
        """Note that sender or recipient knows of an envelope; when both do, it is done."""
        if number not in self.half_done:
            self.half_done.add(number)
            return
        self.half_done.remove(number)
        started = self.sent.pop(number)
        if self.stopped:
            return
        if self.counting:
            self.latencies.append(time.perf_counter() - started)
        self.next()
