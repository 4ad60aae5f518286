"""What a socket costs that does nothing."""

import asyncio
import time

from benchmarks.client.plan import Idle, Plan
from benchmarks.processes import resident_bytes
from benchmarks.wires.wire import Wire

# The first ones make the server load what it loads once.
FIRST = 50
SETTLE_SECONDS = 3.0


async def wait_idle(plan: Plan, wire: type[Wire]) -> Idle:
    """Open all sockets, and see by how much the server's memory has grown."""
    speaker = wire(plan, lambda _: None, lambda _: None)
    await speaker.open(0, FIRST)
    await asyncio.sleep(SETTLE_SECONDS)
    before, start = resident_bytes(plan.processes["server"]), time.perf_counter()
    await speaker.open(FIRST, plan.sockets)
    took = time.perf_counter() - start
    await asyncio.sleep(SETTLE_SECONDS)
    grown = resident_bytes(plan.processes["server"]) - before
    count = plan.sockets - FIRST
    return Idle(sockets=plan.sockets, bytes_per_socket=grown / count, opened_per_second=count / took)
