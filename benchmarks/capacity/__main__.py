"""`python -m benchmarks.capacity`: what so many accounts need, and what gives way first. docs/capacity.md explains it.

--measure measures anew what one of each costs, --check compares the model with three loads; both take minutes.
"""

import argparse
import os
import tempfile
from dataclasses import asdict, fields, replace
from pathlib import Path

from benchmarks.capacity.costs import MEASURED, Costs
from benchmarks.capacity.limits import first, reached
from benchmarks.capacity.model import BUSY, Needs, needs
from benchmarks.capacity.usage import Usage

ACCOUNTS = (1_000, 100_000, 10_000_000)
NONE_DOES = "no number is enough"
ROWS = (
    ("sockets open at once", lambda n: f"{n.sockets:,.0f}"),
    ("envelopes a second", lambda n: f"{n.envelopes:,.0f}"),
    ("workers (busy cores)", lambda n: f"{n.workers:,} ({n.worker_cores:,.2f})" if n.heard < BUSY else NONE_DOES),
    ("of each worker, hearing others", lambda n: f"{n.heard:.1%}"),
    ("cores of PostgreSQL", lambda n: f"{n.database_cores:,.2f}"),
    ("memory of the workers", lambda n: size(n.memory) if n.heard < BUSY else NONE_DOES),
    ("write-ahead log a second", lambda n: size(n.log)),
    ("through Redis a second", lambda n: size(n.redis) if n.heard < BUSY else NONE_DOES),
    ("to and from browsers a second", lambda n: size(n.outside)),
    ("rows of envelopes", lambda n: f"{n.rows:,.0f}"),
    ("database: what waits", lambda n: size(n.waiting)),
    ("database: archives", lambda n: size(n.archives)),
    ("database: key log", lambda n: size(n.key_log)),
    ("files", lambda n: size(n.files)),
)


def size(count: float) -> str:
    """Return bytes to two digits."""
    for unit in ("B", "kB", "MB", "GB", "TB"):
        if count < 1000:
            return f"{count:.3g} {unit}"
        count /= 1000
    return f"{count:.3g} PB"


def table(accounts: list[float], found: list[Needs]) -> list[str]:
    """Return the lines of a Markdown table."""
    head = f"| accounts | {' | '.join(f'{count:,.0f}' for count in accounts)} |"
    lines = [head, "|---|" + "---|" * len(accounts)]
    lines += [f"| {name} | {' | '.join(words(one) for one in found)} |" for name, words in ROWS]
    worst = []
    for one in found:
        over = reached(one)
        worst.append("; ".join(f"{limit.part} ({times:,.1f} times)" for limit, times in over[:3]) or "nothing")
    return [*lines, f"| beyond | {' | '.join(worst)} |"]


def gives_way(costs: Costs, usage: Usage) -> list[str]:
    """Return the lines of a Markdown table: from how many accounts on which part is too small."""
    lines = ["| from accounts | too small | then | |", "|---|---|---|---|"]
    for count, limit in first(lambda accounts: needs(accounts, costs, usage)):
        lines.append(f"| {count:,} | {limit.part} | {limit.then} | {'' if limit.built else '**not built**'} |")
    return lines


def main() -> None:
    """Print what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.capacity", description=__doc__)
    parser.add_argument("--accounts", type=float, nargs="+", default=list(ACCOUNTS))
    parser.add_argument("--measure", action="store_true", help="what one of each costs here, before the table")
    parser.add_argument("--check", action="store_true", help="the model beside three loads")
    for one in fields(Usage):
        parser.add_argument(f"--{one.name.replace('_', '-')}", type=float, default=one.default, help="an assumption")
    options = parser.parse_args()
    usage = Usage(**{one.name: getattr(options, one.name) for one in fields(Usage)})
    costs = _measure(check=options.check, anew=options.measure) if options.measure or options.check else MEASURED
    found = [needs(count, costs, usage) for count in options.accounts]
    print("\n".join(table(options.accounts, found)))
    print("\n".join(["", *gives_way(costs, usage)]))


def _measure(*, check: bool, anew: bool) -> Costs:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "talk2me.settings")
    import django  # noqa: PLC0415 - the model needs none

    django.setup()
    from benchmarks.capacity.measure import compare, measure_costs  # noqa: PLC0415
    from benchmarks.servers.stores import Stores  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix="talk2me-bench-") as folder, Stores(Path(folder)) as stores:
        costs = measure_costs(stores) if anew else MEASURED
        if anew:
            for name, value in asdict(costs).items():
                print(f"{name} {value:,.4g}")
        if check:
            print("\n".join(compare(stores, costs)))
    return replace(costs)


if __name__ == "__main__":
    main()
