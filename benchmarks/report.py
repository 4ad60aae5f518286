"""What a run leaves: the table of goals, a JSON file and a plot in `var/bench/`."""

import json
import os
import platform
import time
from pathlib import Path
from typing import Any

from benchmarks import goals
from benchmarks.run import Run
from benchmarks.servers.running import ROOT

FOLDER = ROOT / "var/bench"


def report(run: Run, name: str, took: float) -> None:
    """Print the goals that were measured; write the files, called `name`."""
    rows = [(goal, goal.value(run.results)) for goal in goals.GOALS]
    print(f"\n{'one worker, recommended server, PostgreSQL':53}{'measured':>12}{'floor':>10}{'goal':>10}")
    for goal, value in rows:
        measured = "-" if value is None else f"{value:,.2f}" if value < 1 else f"{value:,.1f}"
        bounds = "".join(f"{bound:>10,g}" for bound in (goal.floor, goal.goal))
        print(f"  {goal.text:51}{measured:>12}{bounds}  {goal.unit:4}{_judged(goal, value)}")
    if run.start_seconds:
        starts = ", ".join(f"{name} {seconds:.1f}" for name, seconds in run.start_seconds.items())
        print(f"\nseconds until a worker listens: {starts}")
    if run.left_out:
        print("\nleft out")
        for what, reason in run.left_out.items():
            print(f"  {what}: {reason}")
    for budget in run.broken:
        print(f"\nbudget broken: {budget}")
    FOLDER.mkdir(parents=True, exist_ok=True)
    kept = {
        "machine": {"cores": os.cpu_count(), "python": platform.python_version(), "system": platform.platform()},
        "at": time.strftime("%Y-%m-%dT%H:%MZ", time.gmtime()),
        "quick": run.quick,
        "seconds": round(took),
        "goals": [_as_json(goal, value) for goal, value in rows],
        "results": run.results,
        "broken": run.broken,
        "start_seconds": run.start_seconds,
        "left_out": run.left_out,
    }
    target = FOLDER / f"{name}.json"
    target.write_text(json.dumps(kept, indent=2) + "\n")
    picture = plot(run, FOLDER / f"{name}.png")
    print(f"\n{took / 60:.1f} minutes; {_short(target)}" + (f", {_short(picture)}" if picture else ""))


def _as_json(goal: goals.Goal, value: float | None) -> dict[str, Any]:
    bounds = {"floor": goal.floor, "goal": goal.goal}
    return {"text": goal.text, "unit": goal.unit, "value": value, **bounds, "judged": _judged(goal, value)}


def _judged(goal: goals.Goal, value: float | None) -> str:
    return "not measured" if value is None else goal.judge(value)


def _short(path: Path) -> str:
    return str(path.relative_to(ROOT))


def plot(run: Run, target: Path) -> Path | None:
    """Draw rates and processor time at 50 sockets; None without matplotlib or figures."""
    figures = run.results.get(goals.RATES)
    if not figures:
        return None
    try:
        import matplotlib as mpl  # noqa: PLC0415 - only some have it
    except ImportError:
        run.left_out["plot"] = "needs matplotlib: make bench installs it"
        return None
    mpl.use("Agg")
    from matplotlib import pyplot as plt  # noqa: PLC0415 - only some have it

    names = sorted(figures, key=lambda name: figures[name]["per_second"])
    canvas, (left, right) = plt.subplots(1, 2, figsize=(13, 0.4 * len(names) + 2), sharey=True)
    colours = ["#2a6f97" if name.startswith("ours") else "#adb5bd" for name in names]
    bars = left.barh(names, [figures[name]["per_second"] for name in names], color=colours)
    left.bar_label(bars, fmt="{:,.0f}", padding=3)
    left.set_xscale("log")
    left.margins(x=0.15)
    left.set_xlabel("envelopes of 1 KB a second (logarithmic)")
    left.set_title("50 sockets, 64 in flight")
    so_far = [0.0] * len(names)
    for part, colour in (("server", "#2a6f97"), ("database", "#74a57f"), ("valkey", "#d1495b"), ("client", "#dddddd")):
        used = [figures[name]["processor_us"].get(part, 0.0) for name in names]
        right.barh(names, used, left=so_far, color=colour, label=part)
        so_far = [before + more for before, more in zip(so_far, used, strict=True)]
    right.set_xlabel("processor time for each envelope, µs (to 1,500)")
    right.set_xlim(0, 1500)
    right.legend(loc="upper right")
    canvas.tight_layout()
    canvas.savefig(target, dpi=110)
    plt.close(canvas)
    return target
