"""The two ASGI servers with nothing behind them."""

import contextlib
import sys
from collections.abc import Iterator

from benchmarks.servers.running import Running, free_port, inherited, started
from benchmarks.servers.stores import Stores


@contextlib.contextmanager
def echo(stores: Stores, *, server: str) -> Iterator[Running]:
    """Run an echo on a server as it comes: without the bounds that ours adds."""
    port = free_port()
    application = "benchmarks.echo:application"
    command = {
        "uvicorn": ["uvicorn", application, "--host", "127.0.0.1", "--port", str(port), "--loop", "uvloop",
                    "--http", "httptools", "--ws", "websockets-sansio", "--no-access-log", "--lifespan", "off",
                    "--log-level", "error", "--ws-per-message-deflate", "false"],
        "daphne": ["daphne", "--bind", "127.0.0.1", "--port", str(port), "--verbosity", "0", application],
    }[server]  # fmt: skip
    log = stores.folder / f"echo-{server}.log"
    with started([sys.executable, "-m", *command], port, log, inherited()) as process:
        yield Running([port], {"server": [process.pid]})
