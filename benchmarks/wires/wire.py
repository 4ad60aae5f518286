"""What every way of speaking to a server has in common."""

import asyncio
import itertools
import random
from collections.abc import Callable, Coroutine
from typing import Any

from benchmarks.client.plan import Plan

BODY = 1024
# As the browser does (static/js/session/acknowledge.js): what is stored within a moment is acknowledged together.
ACKNOWLEDGE_SECONDS = 0.2
# As many sockets are opened at once.
OPENING = 20
# Conversations of each person where all pairs would be more.
PARTNERS = 10
Noted = Callable[[int], None]


class Wire:
    """Opens sockets and sends envelopes; calls back with the number of one that is stored, and of one that came."""

    def __init__(self, plan: Plan, on_stored: Noted, on_received: Noted) -> None:
        self.plan = plan
        self.on_stored = on_stored
        self.on_received = on_received
        self.acknowledgements = 0
        self._cursors: dict[int, dict[Any, int]] = {}

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """Who may write to whom, in both directions."""
        return conversations(self.plan.sockets)

    async def open(self, first: int, last: int) -> None:
        """Open the sockets `first` to `last` - 1, so that envelopes can come."""
        for start in range(first, last, OPENING):
            await asyncio.gather(*map(self.open_one, range(start, min(start + OPENING, last))))

    def open_one(self, number: int) -> Coroutine[Any, Any, None]:
        """Open one socket."""
        raise NotImplementedError

    def send(self, sender: int, recipient: int, number: int) -> None:
        """Send one envelope of 1 KB."""
        raise NotImplementedError

    def port(self, socket: int) -> int:
        """Return the port for a socket: they are spread over the workers."""
        return self.plan.ports[socket % len(self.plan.ports)]

    def note(self, socket: int, place: Any, number: int) -> None:
        """Acknowledge everything up to `number` of a place soon."""
        cursors = self._cursors.get(socket)
        if cursors is None:
            cursors = self._cursors[socket] = {}
            asyncio.get_running_loop().call_later(ACKNOWLEDGE_SECONDS, self._flush, socket)
        cursors[place] = number

    def _flush(self, socket: int) -> None:
        cursors = self._cursors.pop(socket)
        self.acknowledgements += len(cursors)
        self.acknowledge(socket, cursors)

    def acknowledge(self, socket: int, cursors: dict[Any, int]) -> None:
        """Send acknowledgements."""
        raise NotImplementedError


def conversations(people: int) -> list[tuple[int, int]]:
    """Return the pairs who talk, the same each time: everybody with everybody, or each with about PARTNERS others."""
    if people <= 5 * PARTNERS:
        return list(itertools.combinations(range(people), 2))
    chance = random.Random(people)
    found: set[tuple[int, int]] = set()
    while len(found) < people * PARTNERS // 2:
        one, other = sorted(chance.sample(range(people), 2))
        found.add((one, other))
    return sorted(found)
