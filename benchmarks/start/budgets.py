"""What a start may cost at most. A run that is over one of these ends with exit code 1."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

LANGUAGES = {"English": "en-US", "German": "de-DE"}

Figures = dict[str, Any]


@dataclass(frozen=True)
class Budget:
    """`read` takes the figure from all that a run has found."""

    text: str
    most: float
    unit: str
    read: Callable[[Figures], float]

    def is_kept(self, found: Figures) -> bool:
        """Return whether the figure is not above it."""
        return self.read(found) <= self.most

    def as_text(self, found: Figures) -> str:
        """Return one line: the figure, and what it may be."""
        return f"{self.text}: {self.read(found):,g} {self.unit}, at most {self.most:,g}"


def _first_visit(language: str) -> Budget:
    text = f"first visit in {language}, compressed"
    return Budget(text, 250, "kB", lambda found: found["first visit"][language]["landing"]["kb"])


def _longest_task(deed: str) -> Budget:
    return Budget(f"longest task while {deed}", 50, "ms", lambda found: found["in use"][deed]["longest_task_ms"])


BUDGETS = [
    *map(_first_visit, LANGUAGES),
    # What is allowed to script is allowed to script, drawing and all else together (work.py says why), by processor
    # time: otherwise what else the machine does would count.
    Budget("main thread, warm start", 300, "ms", lambda found: found["warm start"]["message_tasks_processor_ms"]),
    _longest_task("typing"),
    _longest_task("scrolling"),
]


def broken(found: Figures) -> list[str]:
    """Return the budgets that were not kept, a line for each."""
    return [budget.as_text(found) for budget in BUDGETS if not budget.is_kept(found)]
