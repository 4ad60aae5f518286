"""The pauses in which the JavaScript engine collects garbage, from a trace: no code of a page can cut one short."""

from typing import Any

from playwright.sync_api import CDPSession, Page

PAUSES = {"V8.GC_MARK_COMPACTOR", "V8.GC_SCAVENGER"}
CATEGORIES = ["disabled-by-default-v8.gc", "blink.user_timing"]
ALIGNED = "aligned"
BUFFER_KB = 500_000


class Collector:
    """Notes pauses from now on."""

    def __init__(self, page: Page, tools: CDPSession) -> None:
        self._page = page
        self._tools = tools
        self._events: list[dict[str, Any]] = []
        self._ended = False
        tools.on("Tracing.dataCollected", lambda event: self._events.extend(event["value"]))
        tools.on("Tracing.tracingComplete", self._end)
        buffer = {"recordMode": "recordAsMuchAsPossible", "traceBufferSizeInKb": BUFFER_KB}
        trace = {**buffer, "includedCategories": CATEGORIES}
        tools.send("Tracing.start", {"traceConfig": trace, "transferMode": "ReportEvents"})
        self._aligned_at = page.evaluate(f"performance.mark('{ALIGNED}').startTime")

    def pauses(self) -> list[dict[str, float]]:
        """Return them as tasks are told: `at` and `took` in the page's milliseconds."""
        self._tools.send("Tracing.end")
        while not self._ended:
            self._page.wait_for_timeout(50)
        mark = next(event for event in self._events if event["name"] == ALIGNED)
        thread = mark["pid"], mark["tid"]
        return [
            {"at": (event["ts"] - mark["ts"]) / 1000 + self._aligned_at, "took": event["dur"] / 1000}
            for event in self._events
            if event["name"] in PAUSES and event.get("ph") == "X" and (event["pid"], event["tid"]) == thread
        ]

    def _end(self, _event: object) -> None:
        self._ended = True


def without_pauses(task: dict[str, float], pauses: list[dict[str, float]]) -> float:
    """Return the milliseconds of a task in which the engine did not collect."""
    end = task["at"] + task["took"]
    overlaps = (min(end, pause["at"] + pause["took"]) - max(task["at"], pause["at"]) for pause in pauses)
    return task["took"] - sum(overlap for overlap in overlaps if overlap > 0)
