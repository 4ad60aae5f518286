"""`python -m benchmarks.key_log`: what the key log costs, and whether it costs more the longer it gets.

The same log in SQLite and in PostgreSQL, at each number of events; a process of its own for each, because Django's
settings name one database.
"""

import argparse
import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.key_log import tables
from benchmarks.servers.running import ROOT, free_port, inherited, run_module
from benchmarks.servers.stores import Stores

if TYPE_CHECKING:
    from collections.abc import Iterator

TARGET = ROOT / "var/bench/key_log.json"
LIMITS = ("ACCOUNTS", "SIGN_IN", "LOOKUP", "API")
Figures = dict[str, Any]


class Plan:
    """How much of everything. `accounts`: of servers on which a browser is watched for a day, with their events."""

    def __init__(self, *, quick: bool) -> None:
        self.events = (1_000, 30_000) if quick else (1_000, 30_000, 300_000)
        self.accounts = {1_000: 3_000} if quick else {1_000: 3_000, 100_000: 300_000}
        self.turns, self.rounds, self.requests, self.hours = (30, 3, 100, 4) if quick else (200, 20, 2_000, 24)


class Logs:
    """Filled databases in a folder; `use` gives a copy of one, in SQLite or in PostgreSQL."""

    def __init__(self, stores: Stores, sizes: Sequence[int]) -> None:
        self._stores = stores
        self._filled = stores.new_folder("filled")
        keys = {name: secrets.token_hex(32) for name in ("SECRET_KEY", "FRANKING_KEY", "KEYLOG_KEY")}
        self._env = inherited(
            DJANGO_SETTINGS_MODULE="talk2me.settings", REDIS_URL="", ASGI_SERVER="uvicorn", LOG_LEVEL="ERROR",
            REGISTRATION="open", REGISTRATION_WORK="0", PYTHONWARNINGS="ignore",
            ORIGIN=f"http://127.0.0.1:{free_port()}",
            **keys, **{f"RATE_{name}": "" for name in LIMITS},
        )  # fmt: skip
        empty = f"sqlite:///{self._filled}/empty.sqlite3"
        env = self._env | {"DATABASE_URL": empty, "DATA_DIR": str(self._filled)}
        run_module("benchmarks.key_log.filling", [str(self._filled), *map(str, sizes)], env)

    def about(self, events: int) -> Path:
        """Return the file that says what is in it."""
        return self._filled / f"{events}.json"

    @contextmanager
    def use(self, store: str, events: int) -> "Iterator[tuple[dict[str, str], Path]]":
        """Yield the environment, and a folder for whatever comes out; both go."""
        folder, filled = self._stores.new_folder(store), self._filled / f"{events}.sqlite3"
        env = self._env | {"DATA_DIR": str(folder)}
        if store == "sqlite":
            shutil.copy(filled, folder / "log.sqlite3")
            yield env | {"DATABASE_URL": f"sqlite:///{folder}/log.sqlite3"}, folder
        else:
            with self._stores.fresh_database() as url:
                env |= {"DATABASE_URL": url}
                run_module("django", ["migrate", "--verbosity", "0"], env)
                run_module("benchmarks.key_log.copying", [str(filled)], env)
                yield env, folder
        shutil.rmtree(folder)


def measure(plan: Plan, stores: Stores) -> Figures:
    """Measure everything and tell it as it comes; figures by part, store and number of events."""
    logs = Logs(stores, sorted({*plan.events, *plan.accounts.values()}))
    found: Figures = {part: {} for part in ("append", "answer", "verify", "memory", "day")}
    for store in ("sqlite", "postgresql"):
        for events in plan.events:
            with logs.use(store, events) as (env, folder):
                about = str(logs.about(events))
                served = _measured("measured", [about, str(folder), str(plan.turns)], env)
                for part, figures in served.items():
                    found[part].setdefault(store, {})[events] = figures
                if store == "sqlite":
                    found["verify"][events] = _verified(folder, plan.rounds)
                    # With SQLite the database is in the server's process too.
                    found["memory"][events] = _measured("memory", [about, str(folder), str(plan.requests)], env)
            print(f"  {store}, {events:,} events: measured", flush=True)
    for accounts, events in plan.accounts.items():
        with logs.use("sqlite", events) as (env, folder):
            found["day"][accounts] = _measured("day", [str(folder), str(accounts), str(plan.hours)], env)
    found["growth"] = tables.growth(found)
    return found


def _measured(module: str, arguments: list[str], env: dict[str, str]) -> Figures:
    return json.loads(run_module(f"benchmarks.key_log.{module}", arguments, env))  # type: ignore[no-any-return]


def _verified(folder: Path, rounds: int) -> Figures:
    script = str(ROOT / "benchmarks/key_log/verify.js")
    command = ["node", "--no-warnings", script, str(folder / "answers.json"), str(rounds)]
    done = subprocess.run(command, env=os.environ, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def main() -> None:
    """Measure, print tables, and keep the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.key_log", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="no 300,000 events, and less of everything")
    options = parser.parse_args()
    node = run_module("scripts.node_path", [], inherited(PYTHONPATH=str(ROOT / "scripts"))).strip()
    os.environ["PATH"] = f"{node}{os.pathsep}{os.environ['PATH']}"
    with tempfile.TemporaryDirectory(prefix="talk2me-key-log-") as folder, Stores(Path(folder)) as stores:
        Path(folder).chmod(0o755)
        found = measure(Plan(quick=options.quick), stores)
    tables.tell(found)
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(json.dumps(found, indent=2) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
