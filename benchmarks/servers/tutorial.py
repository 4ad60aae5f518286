"""The peer that is built as the Channels tutorial builds it, on daphne, with the core Redis layer."""

import contextlib
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.servers.running import Running, free_port, inherited, run_module, started
from benchmarks.servers.stores import Stores


@contextlib.contextmanager
def tutorial(stores: Stores, *, people: int, store: str = "postgresql", keep: bool = False) -> Iterator[Running]:
    """Run it on a fresh store; `keep` keeps its connections to PostgreSQL."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=stores.folder)))
        port = free_port()
        sqlite = f"sqlite:///{folder}/tutorial.sqlite3"
        env = inherited(
            DATABASE_URL=sqlite if store == "sqlite" else stack.enter_context(stores.fresh_database()),
            REDIS_URL=stores.fresh_valkey(),
            DJANGO_SETTINGS_MODULE="benchmarks.tutorial_peer.settings",
            KEEP_CONNECTIONS=str(keep),
        )
        run_module("benchmarks.tutorial_peer.prepare", [str(people)], env)
        command = [sys.executable, "-m", "daphne", "--bind", "127.0.0.1", "--port", str(port), "--verbosity", "0"]
        command.append("benchmarks.tutorial_peer.asgi:application")
        process = stack.enter_context(started(command, port, folder / "tutorial.log", env))
        processes = {"server": [process.pid], "valkey": [stores.valkey.pid]}
        if store == "postgresql":
            processes["database"] = [stores.postgresql.pid]
        yield Running([port], processes)
