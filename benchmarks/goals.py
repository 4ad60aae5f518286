"""What must be shown: each goal with its floor, and where its figure stands in the results."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from benchmarks import contenders

Results = dict[str, dict[str, dict[str, Any]]]
RATES = "rates, 50 sockets"
HALF = "half the highest rate"
DRAIN = "drain"
IDLE = "idle, 2,000 sockets"


@dataclass(frozen=True)
class Goal:
    """`value` reads the figure from the results, None where it was not measured. Most is better unless `least`."""

    text: str
    floor: float
    goal: float
    value: Callable[[Results], float | None]
    unit: str = "x"
    least: bool = False

    def judge(self, value: float) -> str:
        """Return `goal`, `floor` or `missed`."""
        for word, bound in (("goal", self.goal), ("floor", self.floor)):
            if value <= bound if self.least else value >= bound:
                return word
        return "missed"


def _figure(
    part: str, contender: contenders.Contender, name: str, scale: float = 1
) -> Callable[[Results], float | None]:
    def read(results: Results) -> float | None:
        figures = results.get(part, {}).get(contender.name)
        return None if figures is None else figures[name] * scale

    return read


def _ratio(ours: contenders.Contender, peer: contenders.Contender) -> Callable[[Results], float | None]:
    def read(results: Results) -> float | None:
        mine, other = _figure(RATES, ours, "per_second")(results), _figure(RATES, peer, "per_second")(results)
        return None if mine is None or other is None else mine / other

    return read


def _history(read: Callable[[dict[str, Any]], float]) -> Callable[[Results], float | None]:
    """Return how to read a figure of the new browser with the longest history that was measured."""

    def of_longest(results: Results) -> float | None:
        lengths = results.get("archive")
        return read(lengths[max(lengths, key=int)]["restore"]) if lengths else None

    return of_longest


def _first_screen(restore: dict[str, Any]) -> float:
    return restore["usable_ms"] / max(2000, restore["restored_ms"] / 20)  # type: ignore[no-any-return]


BEST = contenders.RECOMMENDED
GOALS = [
    Goal("rate / the tutorial's way on PostgreSQL", 30, 50, _ratio(BEST, contenders.TUTORIAL)),
    Goal("rate / Flask-SocketIO relay", 5, 8, _ratio(BEST, contenders.RELAY)),
    Goal("rate / ejabberd on PostgreSQL", 4, 6, _ratio(BEST, contenders.EJABBERD)),
    Goal("rate / Mosquitto QoS 1", 0.2, 0.3, _ratio(BEST, contenders.MOSQUITTO)),
    Goal("daphne: rate / Flask-SocketIO relay", 3, 3, _ratio(contenders.DAPHNE, contenders.RELAY)),
    Goal("p99 of delivery at half the highest rate", 40, 20, _figure(HALF, BEST, "delivered_p99"), "ms", least=True),
    Goal("drain of 100,000 to one socket", 60_000, 100_000, _figure(f"{DRAIN}, 100,000", BEST, "per_second"), "/s"),
    Goal("new browser: first screen / (2 s or restore / 20)", 1, 1, _history(_first_screen), least=True),
    Goal("new browser: longest task", 100, 50, _history(lambda restore: restore["longest_task_ms"]), "ms", least=True),
    Goal("idle socket", 30, 20, _figure(IDLE, BEST, "bytes_per_socket", 1e-3), "kB", least=True),
]
