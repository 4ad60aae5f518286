"""What the main thread of a page has done so far, told by the browser's own counter."""

from playwright.sync_api import Page

# All tasks. There is a counter of script too, but it leaves out modules and what runs when a promise is kept.
COUNTER = "TaskDuration"
# Time that passed, and time that the thread had a processor: where other work shares the machine the first is longer.
CLOCKS = {"timeTicks": "tasks_ms", "threadTicks": "tasks_processor_ms"}


class Work:
    """Counts from now on, by both clocks."""

    def __init__(self, page: Page) -> None:
        self._tools = {name: page.context.new_cdp_session(page) for name in CLOCKS.values()}
        for clock, name in CLOCKS.items():
            self._tools[name].send("Performance.enable", {"timeDomain": clock})

    def so_far(self) -> dict[str, float]:
        """Return milliseconds."""
        return {
            name: one["value"] * 1000
            for name, tools in self._tools.items()
            for one in tools.send("Performance.getMetrics")["metrics"]
            if one["name"] == COUNTER
        }
