"""The memory of the page that is measured: its JavaScript heap, and its process."""

import os
from pathlib import Path
from typing import Any

from playwright.sync_api import CDPSession

from benchmarks.processes import resident_bytes, trees


class Memory:
    """The first look is at once. The heap of start and end is that after a collection, the peak as it is."""

    def __init__(self, tools: CDPSession) -> None:
        self._tools = tools
        tools.send("HeapProfiler.enable")
        self._start = self._collected()
        self._peak: dict[str, float] = {}
        self.look()

    def look(self) -> None:
        """Keep what there is now, where it is the most so far."""
        used = self._tools.send("Runtime.getHeapUsage")
        now = {"heap": used["usedSize"], "buffers": used.get("backingStorageSize", 0), "process": _renderer_bytes()}
        self._peak = {name: max(value, self._peak.get(name, 0)) for name, value in now.items()}

    def figures(self) -> dict[str, Any]:
        """Return megabytes."""
        end = self._collected()
        found = {"heap_start": self._start, "heap_end": end} | {f"{name}_peak": of for name, of in self._peak.items()}
        return {f"{name}_mb": round(value / 1e6, 1) for name, value in found.items()}

    def _collected(self) -> float:
        self._tools.send("HeapProfiler.collectGarbage")
        return float(self._tools.send("Runtime.getHeapUsage")["usedSize"])


def _renderer_bytes() -> int:
    """Return the resident memory of the largest page process that we have started."""
    renderers = []
    for process in trees([os.getpid()]):
        try:
            if b"--type=renderer" in Path(f"/proc/{process}/cmdline").read_bytes():
                renderers.append(process)
        except OSError:
            continue
    return max((resident_bytes([process]) for process in renderers), default=0)
