"""Processor time of each part of a server, of this client, and of everybody else, from one moment on."""

import os
import time
from collections.abc import Mapping

from benchmarks.processes import machine_seconds, processor_seconds


class Usage:
    """`since` tells the seconds used since it was made, by the name of the part; `client` is this process."""

    def __init__(self, processes: Mapping[str, list[int]]) -> None:
        self._processes = processes
        self._before, self._machine, self._start = self._now(), machine_seconds(), time.perf_counter()
        self._others = 0.0

    def since(self) -> dict[str, float]:
        """Return the seconds of each part."""
        used = {name: seconds - self._before[name] for name, seconds in self._now().items()}
        whole = (time.perf_counter() - self._start) * (os.cpu_count() or 1)
        self._others = max(0.0, machine_seconds() - self._machine - sum(used.values())) / whole
        return used

    def others(self) -> float:
        """Return the share of the machine that processes of nobody here had used when `since` was called."""
        return self._others

    def _now(self) -> dict[str, float]:
        used = {name: processor_seconds(roots) for name, roots in self._processes.items()}
        return used | {"client": time.process_time()}
