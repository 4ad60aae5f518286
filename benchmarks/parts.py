"""The parts of `python -m benchmarks`; each can be run alone."""

from collections.abc import Callable

from benchmarks import goals
from benchmarks.ceilings import measure_ceilings
from benchmarks.contenders import (
    DAPHNE,
    DAPHNE_SQLITE,
    EJABBERD,
    FOUR_WORKERS,
    MOSQUITTO,
    PROSODY,
    RECOMMENDED,
    RELAY,
    TUTORIAL,
    TUTORIAL_KEPT,
    TUTORIAL_SQLITE,
    TWO_WORKERS,
    UVICORN_SQLITE,
)
from benchmarks.run import Run

ROUNDS = 3


def rates(run: Run) -> None:
    """50 sockets, 64 in flight. What the goals compare is measured three times."""
    compared = (TUTORIAL, RELAY, EJABBERD, MOSQUITTO, RECOMMENDED, DAPHNE)
    run.compare(goals.RATES, compared, 50, 1 if run.quick else ROUNDS)
    for contender in (UVICORN_SQLITE, DAPHNE_SQLITE, TWO_WORKERS, FOUR_WORKERS):
        run.load(goals.RATES, contender, 50)
    if not run.quick:
        for contender in (TUTORIAL_KEPT, TUTORIAL_SQLITE, PROSODY):
            run.load(goals.RATES, contender, 50)


def sockets(run: Run) -> None:
    """500 and 2,000 sockets, 64 in flight."""
    for count in (500,) if run.quick else (500, 2000):
        print(f" {count:,} sockets")
        few = (RECOMMENDED, TWO_WORKERS)
        # Signing 2,000 people in takes ejabberd minutes.
        peers = (DAPHNE, RELAY, MOSQUITTO, *((EJABBERD,) if count == 500 else ()))
        for contender in few if run.quick else (*few, *peers):
            run.load(f"rates, {count:,} sockets", contender, count)


def half(run: Run) -> None:
    """Send at a fixed rate, half of the highest; what that is, is measured here when the rates were not."""
    for contender in (RECOMMENDED,) if run.quick else (RECOMMENDED, DAPHNE):
        highest = run.results.get(goals.RATES, {}).get(contender.name)
        if highest is None:
            run.load(goals.RATES, contender, 50)
            highest = run.results.get(goals.RATES, {}).get(contender.name)
        if highest is not None:
            run.load(goals.HALF, contender, 50, mode="rate", rate=highest["per_second"] / 2)
    if not run.quick:
        run.load("1,000 a second, 500 sockets", RECOMMENDED, 500, mode="rate", rate=1000)


def drain(run: Run) -> None:
    """Offline, then drain."""
    for count in (10_000, 100_000):
        print(f" {count:,} envelopes")
        few = (RECOMMENDED,)
        for contender in few if run.quick else (*few, UVICORN_SQLITE, DAPHNE):
            run.drain(f"{goals.DRAIN}, {count:,}", contender, count)


def idle(run: Run) -> None:
    """2,000 sockets that do nothing."""
    for contender in (RECOMMENDED,) if run.quick else (RECOMMENDED, DAPHNE):
        run.idle(goals.IDLE, contender, 2000)


def growth(run: Run) -> None:
    """Compare costs as mailboxes, batches and groups grow."""
    run.script("growth", *(["--envelopes", "100000"] if run.quick else []))


def key_log(run: Run) -> None:
    """Add to the key log, prove from it and verify, the longer it gets; what a browser fetches a day."""
    run.script("key_log", *(["--quick"] if run.quick else []))


def archive(run: Run) -> None:
    """Bring a long history to a new browser."""
    run.script("archive", *(["--quick"] if run.quick else []))


def groups(run: Run) -> None:
    """Change groups and talk in them, the larger they are."""
    run.script("groups", *(["--quick"] if run.quick else []))


def files(run: Run) -> None:
    """Send files and fetch them, beside the same bytes in plain."""
    run.script("files", *(["--quick"] if run.quick else []))


def wakeups(run: Run) -> None:
    """Compare the channel layer with publications without it."""
    if not run.quick:
        run.script("wakeups")


def start(run: Run) -> None:
    """Start the page in a browser, cold and warm, and use it: within budgets."""
    run.script("start", *(["--quick"] if run.quick else []))
    run.broken += run.results.get("start", {}).get("broken", ["start: not measured"])


PARTS: dict[str, Callable[[Run], None]] = {
    "rates": rates,
    "half": half,
    "sockets": sockets,
    "drain": drain,
    "idle": idle,
    "ceilings": measure_ceilings,
    "growth": growth,
    "key_log": key_log,
    "archive": archive,
    "groups": groups,
    "files": files,
    "wakeups": wakeups,
    "start": start,
}
