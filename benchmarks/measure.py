"""Run the load client against a server that runs."""

import subprocess
import sys
from typing import Any, TypeVar

import msgspec

from benchmarks.client.plan import Plan
from benchmarks.servers.running import ROOT, Running, inherited

# Longer than any plan: opening sockets, filling a mailbox.
SLACK_SECONDS = 180.0
F = TypeVar("F")


def measure(running: Running, figures: type[F], **plan: Any) -> F:
    """Return what the client tells of a plan; its ports, processes and people come from `running`."""
    wanted = Plan(ports=running.ports, processes=running.processes, prepared=running.prepared, **plan)
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.client"],
        input=msgspec.json.encode(wanted),
        capture_output=True,
        cwd=ROOT,
        env=inherited(),
        check=False,
        timeout=wanted.warm_up + wanted.seconds + SLACK_SECONDS,
    )
    if done.returncode:
        raise RuntimeError(_reason(done.stderr.decode()))
    return msgspec.json.decode(done.stdout, type=figures)


def _reason(said: str) -> str:
    """Return the last line of an error, with where it came from."""
    lines = [line.strip() for line in said.strip().splitlines()]
    where = [line for line in lines if line.startswith("File")]
    return f"{lines[-1]} ({where[-1] if where else 'no trace'})"
