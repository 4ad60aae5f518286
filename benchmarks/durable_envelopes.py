"""`python -m benchmarks.durable_envelopes`: durable envelopes per second, ours against the Channels tutorial's way.

benchmarks/README.md says what is measured.
"""

import argparse
import asyncio
import contextlib
import gc
import json
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from benchmarks.load import Figures, Load
from benchmarks.wires import OurWire, TutorialWire
from tests.e2e.running_server import free_port

ROOT = Path(__file__).resolve().parent.parent


def environment(folder: str, port: int) -> dict[str, str]:
    """Return the default set-up in a fresh directory. The rate limit counts every frame, but is never reached."""
    return os.environ | {
        "DATA_DIR": folder,
        "DATABASE_URL": f"sqlite:///{folder}/talk2me.sqlite3",
        "REDIS_URL": "",
        "ORIGIN": f"http://127.0.0.1:{port}",
        "SECRET_KEY": secrets.token_hex(32),
        "FRANKING_KEY": secrets.token_hex(32),
        "RATE_FRAMES": "1000000000/minute",
        "RATE_ADD": "",
        "RATE_STORED": "",
        "LOG_LEVEL": "ERROR",
        "PYTHONPATH": str(ROOT),
    }


def run_module(module: str, arguments: list[str], env: dict[str, str]) -> str:
    """Run a module of ours and return what it prints."""
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(command, env=env, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout  # noqa: S603


@contextlib.contextmanager
def running(command: list[str], port: int, env: dict[str, str]) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a server around the block."""
    command = [sys.executable, "-m", *command, "--port", str(port)]
    server = subprocess.Popen(command, env=env, cwd=ROOT)  # noqa: S603 - our own words
    try:
        while server.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield server
    finally:
        server.terminate()
        server.wait()


def measure_ours(options: argparse.Namespace) -> Figures:
    """Measure talk2me."""
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        env = environment(folder, port)
        prepared = json.loads(run_module("benchmarks.prepare", [str(options.sockets)], env))
        with running(["talk2me.server"], port, env) as server:
            wire = OurWire(f"127.0.0.1:{port}", prepared)
            return asyncio.run(Load(wire, options.sockets, options.in_flight, options.seconds, server.pid).run())


def measure_tutorial(options: argparse.Namespace) -> Figures:
    """Measure the peer."""
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        env = environment(folder, port) | {"DJANGO_SETTINGS_MODULE": "benchmarks.tutorial_peer.settings"}
        run_module("benchmarks.tutorial_peer.prepare", [str(options.sockets)], env)
        with running(["daphne", "--verbosity", "0", "benchmarks.tutorial_peer.asgi:application"], port, env) as server:
            wire = TutorialWire(f"127.0.0.1:{port}")
            return asyncio.run(Load(wire, options.sockets, options.in_flight, options.seconds, server.pid).run())


def main() -> None:
    """Measure both in turn, print, and keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sockets", type=int, default=50)
    parser.add_argument("--in-flight", type=int, default=64)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--output", type=Path, default=ROOT / "var/bench/durable_envelopes.json")
    parser.add_argument("--only", choices=["ours", "tutorial"])
    options = parser.parse_args()
    gc.freeze()
    print("1 KB envelopes, durable and on the recipient's socket: ", end="")
    print(f"{options.sockets} sockets, {options.in_flight} in flight")
    figures: dict[str, Figures] = {}
    for name, run in {"tutorial": measure_tutorial, "ours": measure_ours}.items():
        if options.only in (None, name):
            figures[name] = run(options)
            print(f"  {name:10} {figures[name].as_text()}", flush=True)
    result: dict[str, object] = {name: asdict(figure) for name, figure in figures.items()}
    if len(figures) == 2:
        result["ratio"] = round(figures["ours"].per_second / figures["tutorial"].per_second, 1)
        print(f"  ratio      {result['ratio']:8} times")
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(json.dumps(result, indent=2) + "\n")


if __name__ == "__main__":
    main()
