"""Reading as a browser does, whatever the wake-ups do."""

import asyncio
import time

from tests.workers.people import SECONDS


class Reader:
    """Reads one mailbox as a browser does: what continues is taken, anything else is a reason to drain."""

    def __init__(self, client, mailbox):
        self.client, self.mailbox = client, mailbox
        self.after = 1
        self.bodies = []
        # Whether the last ones came with the wake-up.
        self.rode_along = False

    async def read(self, count):
        """Return the next so many bodies."""
        while len(self.bodies) < count:
            news = await self.client.push("envelope.new")
            if news["mailbox"] != self.mailbox or news["head"] <= self.after:
                continue
            rows = [row for row in news["envelopes"] if row["sequence"] > self.after]
            self.rode_along = bool(rows) and rows[0]["sequence"] == self.after + 1
            if not self.rode_along:
                rows = await self.client.drain(self.mailbox, self.after)
            assert [row["sequence"] for row in rows] == list(range(self.after + 1, self.after + 1 + len(rows)))
            self.after += len(rows)
            self.bodies += [row["body"] for row in rows]
        found, self.bodies = self.bodies[:count], self.bodies[count:]
        return found


async def until_heard(conversation):
    """Wait until envelopes cross with their bytes."""
    one, far, near, mailbox = conversation
    deadline = time.monotonic() + SECONDS
    far.rode_along = False
    while not far.rode_along:
        assert time.monotonic() < deadline
        await one.envelope(mailbox, b"heard?", slot=1)
        await asyncio.gather(far.read(1), near.read(1))
        await asyncio.sleep(0.05)


async def send(one, mailbox, count):
    """Send so many, one after the other; return their bodies."""
    bodies = [b"%d" % number for number in range(count)]
    for body in bodies:
        assert (await one.envelope(mailbox, body, slot=1))["type"] == "envelope.accepted"
    return bodies
