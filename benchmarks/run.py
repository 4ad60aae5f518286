"""One run of the benchmarks: what was measured so far, and how each thing is measured and told."""

import json
import statistics
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import msgspec

from benchmarks.client.plan import Drained, Figures, Idle
from benchmarks.contenders import Contender
from benchmarks.measure import measure
from benchmarks.servers.installed import NotInstalled
from benchmarks.servers.running import ROOT, inherited
from benchmarks.servers.stores import Stores

F = TypeVar("F", Figures, Drained, Idle)


@dataclass
class Run:
    """`results` holds figures by part and contender, `left_out` what could not be measured and why.

    `broken` names the budgets that were not kept.
    """

    stores: Stores
    quick: bool
    results: dict[str, dict[str, Any]] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)
    start_seconds: dict[str, float] = field(default_factory=dict)

    def load(self, part: str, contender: Contender, sockets: int, **plan: Any) -> None:
        """Put a contender under load once."""
        self.compare(part, [contender], sockets, 1, **plan)

    def compare(self, part: str, contenders: Sequence[Contender], sockets: int, rounds: int, **plan: Any) -> None:
        """Put contenders under load in turns, so that what else the machine does falls on all alike.

        Of each the round with the rate in the middle is kept.
        """
        wanted = {"seconds": 4.0 if self.quick else 6.0, "warm_up": 2.0} | plan
        runs: dict[str, list[Figures]] = {}
        for round_ in range(1, rounds + 1):
            if rounds > 1:
                print(f"  round {round_} of {rounds}", flush=True)
            for contender in contenders:
                figures = self._once(part, contender, sockets, Figures, **wanted)
                if figures is not None:
                    runs.setdefault(contender.name, []).append(figures)
        for name, all_figures in runs.items():
            rates = [figures.per_second for figures in all_figures]
            middle = all_figures[rates.index(statistics.median_low(rates))]
            self.keep(part, name, middle, middle.as_text())
            self.results[part][name]["rounds_per_second"] = rates

    def drain(self, part: str, contender: Contender, envelopes: int) -> Drained | None:
        """Fill a mailbox and drain it."""
        figures = self._once(part, contender, 2, Drained, mode="drain", envelopes=envelopes)
        return self._kept(part, contender, figures)

    def idle(self, part: str, contender: Contender, sockets: int) -> Idle | None:
        """Open sockets that do nothing."""
        return self._kept(part, contender, self._once(part, contender, sockets, Idle, mode="idle"))

    def script(self, name: str, *arguments: str) -> None:
        """Run a measurement that prints its own table, and take over the JSON that it leaves if it comes to its end."""
        sys.stdout.flush()
        found = ROOT / f"var/bench/{name}.json"
        found.unlink(missing_ok=True)
        command = [sys.executable, "-m", f"benchmarks.{name}", *arguments]
        subprocess.run(command, cwd=ROOT, env=inherited(), check=False)  # noqa: S603 - our own words
        if found.exists():
            self.results[name] = json.loads(found.read_text())
        else:
            self.left_out[name] = "failed"

    def keep(self, part: str, name: str, figures: msgspec.Struct, text: str) -> None:
        """Keep figures, and tell them."""
        self.results.setdefault(part, {})[name] = msgspec.to_builtins(figures)
        print(f"  {name:42} {text}", flush=True)

    def _kept(self, part: str, contender: Contender, figures: F | None) -> F | None:
        if figures is not None:
            self.keep(part, contender.name, figures, figures.as_text())
        return figures

    def _once(self, part: str, contender: Contender, sockets: int, figures: type[F], **plan: Any) -> F | None:
        try:
            with contender.start(self.stores, sockets) as running:
                if running.start_seconds:
                    self.start_seconds.setdefault(contender.name, round(running.start_seconds, 2))
                return measure(running, figures, wire=contender.wire, sockets=sockets, **plan)
        except NotInstalled as error:
            reason = str(error)
        except Exception as error:  # noqa: BLE001 - the others can be measured still
            reason = f"failed: {error}".splitlines()[0][:200]
        self.left_out[f"{part}: {contender.name}"] = reason
        print(f"  {contender.name:42} {reason}", flush=True)
        return None
