"""When a disk is full, from what comes in each day. Pure: no clock, no disk, no table."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf


@dataclass(frozen=True)
class Flow:
    """What one kind of data grows by: `per_day` bytes, for `days` from now; then as much goes as comes.

    `days` is `inf` for what nobody deletes, and 0 for what has been in balance already.
    """

    kind: str
    per_day: float
    days: float = inf


def growth(flows: Sequence[Flow], days: float) -> float:
    """Return the bytes that all of it has grown by after so many days."""
    return sum(flow.per_day * min(days, flow.days) for flow in flows)


def days_until_full(free: float, flows: Sequence[Flow]) -> float:
    """Return after how many days `free` bytes are used up; `inf` for never."""
    since, left = 0.0, max(free, 0.0)
    # Between two ends it grows evenly.
    for end in sorted({flow.days for flow in flows} | {inf}):
        rate = sum(flow.per_day for flow in flows if flow.days >= end)
        if rate > 0 and (end == inf or left <= rate * (end - since)):
            return since + left / rate
        left -= rate * (end - since) if rate else 0
        since = end
    return inf


def still_growing(age: float, kept: float) -> float:
    """Return for how many days yet something grows that is kept for `kept` days, on a server of `age` days."""
    return max(0.0, kept - age)
