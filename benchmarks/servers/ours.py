"""talk2me as people run it, with authorisation, limits and metrics on; limits set so high that none is reached."""

import contextlib
import json
import secrets
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.servers.running import Running, free_port, inherited, run_module, started
from benchmarks.servers.stores import Stores

NEVER_REACHED = "1000000000/minute"


@contextlib.contextmanager
def ours(
    stores: Stores,
    *,
    people: int,
    readers: int = 2,
    server: str = "uvicorn",
    store: str = "postgresql",
    workers: int = 1,
    under: Sequence[str] = (),
) -> Iterator[Running]:
    """Run workers on a fresh store. With more than one, Valkey wakes; `under` runs each under another module.

    So many `readers` has each conversation.
    """
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=stores.folder)))
        ports = [free_port() for _ in range(workers)]
        sqlite = f"sqlite:///{folder}/talk2me.sqlite3"
        env = inherited(
            DATA_DIR=str(folder),
            DATABASE_URL=sqlite if store == "sqlite" else stack.enter_context(stores.fresh_database()),
            REDIS_URL=stores.fresh_valkey() if workers > 1 else "",
            ASGI_SERVER=server,
            ORIGIN=f"http://127.0.0.1:{ports[0]}",
            SECRET_KEY=secrets.token_hex(32),
            FRANKING_KEY=secrets.token_hex(32),
            KEYLOG_KEY=secrets.token_hex(32),
            RATE_FRAMES=NEVER_REACHED,
            RATE_ENVELOPES=NEVER_REACHED,
            RATE_BYTES=NEVER_REACHED,
            SOCKETS_PER_ADDRESS="1000000",
            REGISTRATION_WORK="0",
            RATE_STORED=NEVER_REACHED,
            RATE_SIGN_IN=NEVER_REACHED,
            RATE_API=NEVER_REACHED,
            RATE_ADD="",
            LOG_LEVEL="ERROR",
        )
        prepared = json.loads(run_module("benchmarks.prepare", [str(people), str(readers)], env))
        begun = time.perf_counter()
        command = [sys.executable, "-m", *under, "talk2me.server", "--host", "127.0.0.1", "--port"]
        pids = [
            stack.enter_context(started([*command, str(port)], port, folder / f"{port}.log", env)).pid for port in ports
        ]
        processes = {"server": pids}
        if store == "postgresql":
            processes["database"] = [stores.postgresql.pid]
        if workers > 1:
            processes["valkey"] = [stores.valkey.pid]
        yield Running(ports, processes, prepared, (time.perf_counter() - begun) / workers, env["DATABASE_URL"])
