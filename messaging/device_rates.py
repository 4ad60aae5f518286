"""How fast one device may send: frames, envelopes and bytes.

Counted in this process only: all that a device sends comes through its one socket, and to ask Redis for each frame
would cost more than the frame. Counts outlive the socket, so that coming back does not begin anew.
"""

import time
from collections.abc import Container
from functools import cache

from django.conf import settings
from limits import parse

from talk2me.errors import RateLimited

KIB = 1024
KEPT = 1024


class Rates:
    """What one device has used of each limit, as the time at which all of it will be free again."""

    __slots__ = ("envelopes", "frames", "kib")

    def __init__(self) -> None:
        self.frames = self.envelopes = self.kib = 0.0

    def count_frames(self, count: int) -> None:
        """Count frames. Raises RateLimited, and then they are not counted."""
        self.frames = _after("frames", self.frames, count)

    def count_envelope(self, size: int) -> None:
        """Count an envelope of so many bytes. Raises RateLimited, and then it is not counted."""
        envelopes = _after("envelopes", self.envelopes, 1)
        self.kib = _after("bytes", self.kib, size / KIB)
        self.envelopes = envelopes

    @property
    def all_free(self) -> bool:
        """Whether this is as good as new."""
        return max(self.frames, self.envelopes, self.kib) <= time.monotonic()


class DeviceRates:
    """The rates of the devices that have, or had, a socket here."""

    def __init__(self) -> None:
        self._by_device: dict[bytes, Rates] = {}
        self._sweep_at = KEPT

    def of(self, device: bytes, present: Container[bytes]) -> Rates:
        """Return the rates of a device; those that are used up stay, as do those of devices `present`."""
        rates = self._by_device.setdefault(device, Rates())
        if len(self._by_device) > self._sweep_at:
            kept = {key: one for key, one in self._by_device.items() if key in present or not one.all_free}
            self._by_device = kept | {device: rates}
            self._sweep_at = 2 * len(kept) + KEPT
        return rates


@cache
def _limit(notation: str) -> tuple[float, float]:
    """Return the seconds that one costs, and for how many seconds one may borrow."""
    item = parse(notation)
    return item.get_expiry() / item.amount, float(item.get_expiry())


def _after(name: str, used_until: float, cost: float) -> float:
    """Return until when a limit is used after `cost` more; the whole of it may be used at once. Raises RateLimited."""
    notation = settings.RATE_LIMITS[name]
    now = time.monotonic()
    if not notation:
        return now
    each, period = _limit(notation)
    until = max(used_until, now) + cost * each
    # Whatever is larger than the limit itself goes when nothing else is counted.
    if until - now > max(period, cost * each):
        raise RateLimited(retry_after=max(1, round(until - now - period)))
    return until
