"""The Flask-SocketIO relay."""

import contextlib
import sys
from collections.abc import Iterator

from benchmarks.servers.running import Running, free_port, inherited, started
from benchmarks.servers.stores import Stores


@contextlib.contextmanager
def relay(stores: Stores) -> Iterator[Running]:
    """Run it on eventlet."""
    port = free_port()
    command = [sys.executable, "-m", "benchmarks.relay_peer", str(port)]
    with started(command, port, stores.folder / "relay.log", inherited()) as process:
        yield Running([port], {"server": [process.pid]})
