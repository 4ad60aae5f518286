"""Starting servers to measure: each is a context manager that yields what the load client needs to know."""

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60.0
STOP_SECONDS = 20.0


@dataclass
class Running:
    """A server that is ready. `processes` are those of each part, `start_seconds` what one took until it listened.

    `database_url` where it is known, for a look into its tables.
    """

    ports: list[int]
    processes: dict[str, list[int]]
    prepared: dict[str, Any] = field(default_factory=dict)
    start_seconds: float = 0.0
    database_url: str = ""


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run_module(module: str, arguments: Sequence[str], env: Mapping[str, str]) -> str:
    """Run a module of ours and return what it prints."""
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(command, env=env, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout  # noqa: S603


@contextlib.contextmanager
def started(
    command: Sequence[str], port: int, log: Path, env: Mapping[str, str] | None = None, user: str | None = None
) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a program around the block, from when it listens on `port`; `user` where we are root and it will not be."""
    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603 - our own words
            command, env=env, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=output, stderr=output, user=user
        )
    try:
        deadline = time.monotonic() + START_SECONDS
        while not _listens(port):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{command[0]} did not start:\n{log.read_text(errors='replace')[-3000:]}")
            time.sleep(0.02)
        yield process
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def inherited(**changed: str) -> dict[str, str]:
    """Return our own environment with changes; modules are found from anywhere."""
    return (
        os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))} | changed
    )
