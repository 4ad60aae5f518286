"""`python -m benchmarks.profile`: where a worker's processor time goes during the load, by layer and by function.

cProfile makes Python functions look dearer than they are beside C, and counts waiting for the interpreter's lock as
work: the shares are for finding what to look at. The processor time without profile, printed first, is the figure; how
much of it is whose thread is exact too.
"""

import argparse
import json
import os
import signal
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

from benchmarks.client.plan import Figures
from benchmarks.measure import measure
from benchmarks.servers.ours import ours
from benchmarks.servers.running import Running
from benchmarks.servers.stores import Stores

# The first that is in a file's name is its layer.
LAYERS = [
    ("event loop", ("/asyncio/", "selectors", "uvloop", "/signal.py")),
    ("threads", ("/concurrent/", "/threading.py", "/queue.py", "messaging/threads")),
    ("ASGI server", ("uvicorn", "daphne", "autobahn", "twisted", "websockets", "wsproto", "httptools", "txaio",
                     "talk2me/socket_", "talk2me/bounds", "/zope/")),
    ("frames", ("messaging/codec", "messaging/frames", "msgspec", "messaging/send_window")),
    ("sockets' logic", ("messaging/consumers", "messaging/handlers", "messaging/session", "channels/",
                        "messaging/sign_in", "talk2me/asgi")),
    ("limits", ("messaging/allowance", "talk2me/limits", "_rates", "/limits/")),
    ("metrics", ("talk2me/metrics", "prometheus")),
    ("writer and services", ("messaging/writer", "messaging/batch", "messaging/services", "messaging/clock",
                             "messaging/franking", "messaging/acknowledgements", "/hmac.py")),
    ("delivery and wake-ups", ("messaging/worker", "messaging/registry", "messaging/wakeups", "messaging/receivers",
                               "redis")),
    ("statements and driver", ("messaging/statements", "messaging/selectors", "messaging/postgresql", "psycopg",
                               "sqlite3", "django/db")),
]  # fmt: skip
# Where a thread waits for another: no work. Where it may wait for the database: work up to what the thread used.
WAITS = ("'acquire'", "'poll'", "'select'", "'get' of '_queue.SimpleQueue")
MAY_WAIT = ("psycopg/connection.py wait", "'execute' of 'sqlite3", "'executemany' of 'sqlite3", "'commit' of 'sqlite3")
TOP = 30


def layer_of(file: str) -> str:
    """Return the layer that a source file belongs to."""
    for name, marks in LAYERS:
        if any(mark in file for mark in marks):
            return name
    return "other"


def shares(thread: str, used: float, rows: list[Any]) -> tuple[Counter[str], Counter[str]]:
    """Return own seconds by layer and by function; a builtin counts as part of who calls it."""
    functions: Counter[tuple[str, str]] = Counter()
    for file, name, _, own, builtins in rows:
        functions[layer_of(file), f"{_short(file)} {name}"] += own
        for builtin, seconds in builtins:
            if not any(mark in builtin for mark in WAITS):
                functions[layer_of(file), f"{_short(file)} {name} > {builtin}"] += seconds
    may_wait = {key for key in functions if any(mark in key[1] for mark in MAY_WAIT)}
    waited = sum(functions[key] for key in may_wait)
    rest = functions.total() - waited
    for key in may_wait:
        functions[key] *= min(1.0, max(0.0, used - rest) / waited)
    if thread == "main":
        # What no function of Python's holds: the loop's own C code, reading and writing sockets.
        functions["event loop", "C code between callbacks"] = max(0.0, used - functions.total())
    layers: Counter[str] = Counter()
    for (layer, _), own in functions.items():
        layers[layer] += own
    return layers, Counter({f"[{thread}] {name}": own for (_, name), own in functions.items()})


def _short(file: str) -> str:
    return "/".join(Path(file).parts[-2:])


def profile(running: Running, sockets: int, seconds: float, target: Path) -> Figures:
    """Put a worker that runs under `benchmarks.profiled` under load."""
    worker = running.processes["server"][0]
    warm_up = 4.0
    ends = [
        threading.Timer(warm_up + 1, os.kill, (worker, signal.SIGUSR1)),
        threading.Timer(warm_up + 1 + seconds, os.kill, (worker, signal.SIGUSR2)),
    ]
    for timer in ends:
        timer.start()
    figures = measure(running, Figures, wire="ours", sockets=sockets, warm_up=warm_up, seconds=seconds + 2)
    deadline = time.monotonic() + 30
    while not target.exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    return figures


def show(threads: dict[str, Any]) -> None:
    """Print the tables."""
    whole = sum(thread["processor_seconds"] for thread in threads.values())
    layers: Counter[str] = Counter()
    functions: Counter[str] = Counter()
    for name, thread in threads.items():
        used = thread["processor_seconds"]
        of_layers, of_functions = shares(name, used, thread["rows"])
        layers.update(of_layers)
        functions.update(of_functions)
        print(f"  thread {name:30} {used / whole:6.1%}")
    print()
    for name, own in layers.most_common():
        print(f"  {name:37} {own / layers.total():6.1%}")
    print()
    for name, own in functions.most_common(TOP):
        print(f"  {own / functions.total():6.1%}  {name}")


def main() -> None:
    """Measure without, then with the profile, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--server", choices=["daphne", "uvicorn"], default="uvicorn")
    parser.add_argument("--store", choices=["sqlite", "postgresql"], default="postgresql")
    parser.add_argument("--workers", type=int, default=1, help="of more, the first is profiled")
    parser.add_argument("--sockets", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=6)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Stores(Path(folder)) as stores:
        target = Path(folder) / "profile.json"
        os.environ["PROFILE_TO"] = str(target)
        choice = {"server": options.server, "store": options.store, "workers": options.workers}
        with ours(stores, people=options.sockets, **choice) as running:
            plain = measure(running, Figures, wire="ours", sockets=options.sockets, seconds=options.seconds)
            print("without profile ", plain.as_text(), flush=True)
        with ours(stores, people=options.sockets, **choice, under=["benchmarks.profiled"]) as running:
            figures = profile(running, options.sockets, options.seconds, target)
            print("under profile   ", figures.as_text(), "\n", flush=True)
        show(json.loads(target.read_text()))


if __name__ == "__main__":
    main()
