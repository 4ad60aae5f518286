"""Time as it is kept: unix seconds, on the minute."""

import time


def this_minute() -> int:
    """Return the present, rounded down to the minute."""
    return int(time.time()) // 60 * 60


def in_seconds(seconds: int) -> int:
    """Return the time `seconds` from now, rounded up to the minute."""
    return -(-int(time.time() + seconds) // 60) * 60
