"""The other workers, as far as one hears of them."""

import time

SILENT_SECONDS = 7.0


class Peers:
    """Who is there, and up to which number what each had to tell was heard."""

    def __init__(self) -> None:
        # Of each worker, the number of its last wake-up heard and when it was last heard at all.
        self._heard: dict[bytes, tuple[int, float]] = {}

    def __len__(self) -> int:
        return len(self._heard)

    def knows(self, origin: bytes) -> bool:
        """Return whether this worker was heard before."""
        return origin in self._heard

    def heard(self, origin: bytes, before: int, count: int) -> bool:
        """Take note of wake-ups `before + 1` to `before + count`; return whether nothing was missed before them."""
        last, _ = self._heard.get(origin, (-1, 0.0))
        self._heard[origin] = (before + count, time.monotonic())
        return last == before

    def origins(self) -> list[bytes]:
        """Return who is there."""
        return list(self._heard)

    def forget_silent(self) -> list[bytes]:
        """Forget, and return, workers that are silent."""
        now = time.monotonic()
        silent = [origin for origin, (_, at) in self._heard.items() if now - at > SILENT_SECONDS]
        for origin in silent:
            del self._heard[origin]
        return silent
