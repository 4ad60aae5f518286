"""Processor time of each part of a server, and of this client, from one moment on."""

import time
from collections.abc import Mapping

from benchmarks.processes import processor_seconds


class Usage:
    """`since` tells the seconds used since it was made, by the name of the part; `client` is this process."""

    def __init__(self, processes: Mapping[str, list[int]]) -> None:
        self._processes = processes
        self._before = self._now()

    def since(self) -> dict[str, float]:
        """Return the seconds of each part."""
        return {name: used - self._before[name] for name, used in self._now().items()}

    def _now(self) -> dict[str, float]:
        used = {name: processor_seconds(roots) for name, roots in self._processes.items()}
        return used | {"client": time.process_time()}
