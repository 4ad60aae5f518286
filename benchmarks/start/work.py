"""What the main thread of a page has done so far, told by the browser's own counters."""

from playwright.sync_api import Page

COUNTERS = {"ScriptDuration": "script", "TaskDuration": "tasks"}
# Time that passed, and time that the thread had a processor: where other work shares the machine the first is longer.
CLOCKS = {"timeTicks": "ms", "threadTicks": "processor_ms"}


class Work:
    """Counts from now on, by both clocks."""

    def __init__(self, page: Page) -> None:
        self._tools = {unit: page.context.new_cdp_session(page) for unit in CLOCKS.values()}
        for clock, unit in CLOCKS.items():
            self._tools[unit].send("Performance.enable", {"timeDomain": clock})
        self._before = self._read()

    def so_far(self) -> dict[str, float]:
        """Return milliseconds of script, and of all tasks."""
        return {name: (value - self._before[name]) * 1000 for name, value in self._read().items()}

    def _read(self) -> dict[str, float]:
        return {
            f"{COUNTERS[one['name']]}_{unit}": one["value"]
            for unit, tools in self._tools.items()
            for one in tools.send("Performance.getMetrics")["metrics"]
            if one["name"] in COUNTERS
        }
