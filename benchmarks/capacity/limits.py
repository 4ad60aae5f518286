"""What one of each part can bear, and what gives way first when there is more."""

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.capacity.model import BUSY, Needs

GB, TB = 1e9, 1e12


@dataclass(frozen=True)
class Limit:
    """`most` of what `used` reads; `then` is what can be done, and `built` whether the code can do it today."""

    part: str
    used: Callable[[Needs], float]
    most: float
    then: str
    built: bool


# In the order in which they hurt where several are reached alike. The sizes are of one common machine of 2026.
LIMITS = (
    Limit("one worker", lambda n: n.worker_cores, BUSY, "more workers, with PostgreSQL and Redis", built=True),
    Limit("one machine of 16 cores", lambda n: n.worker_cores + n.database_cores, 16 * BUSY, "more hosts", built=True),
    Limit("a disk of 2 TB for the database", lambda n: n.waiting + n.archives + n.key_log, 2 * TB,
          "a larger one, a lower ARCHIVE_QUOTA_BYTES", built=True),
    Limit("a disk of 4 TB for files", lambda n: n.files, 4 * TB, "an object store", built=True),
    Limit("a link of 1 Gbit/s", lambda n: n.outside, GB / 8, "more hosts behind more addresses", built=True),
    Limit("one PostgreSQL of 16 cores", lambda n: n.database_cores, 16 * BUSY, "mailboxes over several databases",
          built=False),
    Limit("one write-ahead log of 500 MB/s", lambda n: n.log, 0.5 * GB, "mailboxes over several databases",
          built=False),
    Limit("one table of 5 thousand million rows", lambda n: n.rows, 5e9, "a table in partitions", built=False),
    Limit("100 connections to PostgreSQL", lambda n: n.workers * 16, 100, "a larger max_connections", built=True),
    Limit("hearing what all workers tell", lambda n: n.heard, BUSY / 2, "wake-ups in groups by mailbox", built=False),
    Limit("one Redis with a link of 10 Gbit/s", lambda n: n.redis, 10 * GB / 8, "wake-ups in groups by mailbox",
          built=False),
    Limit("the one writer of the key log", lambda n: n.sign_ups * 3, 50, "several events in one step", built=False),
)  # fmt: skip


def reached(needs: Needs) -> list[tuple[Limit, float]]:
    """Return the limits that are reached, with how many times over, the furthest first."""
    found = [(limit, limit.used(needs) / limit.most) for limit in LIMITS]
    return sorted([pair for pair in found if pair[1] >= 1], key=lambda pair: -pair[1])


def first(by_accounts: Callable[[float], Needs]) -> list[tuple[int, Limit]]:
    """Return for each limit from how many accounts on it is reached, to two digits, the fewest first."""
    found = []
    for limit in LIMITS:
        accounts = 100.0
        while limit.used(by_accounts(accounts)) < limit.most and accounts < 1e9:
            accounts *= 1.05
        if accounts < 1e9:
            found.append((int(float(f"{accounts:.2g}")), limit))
    return sorted(found, key=lambda pair: pair[0])
