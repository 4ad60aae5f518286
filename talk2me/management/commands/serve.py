"""`manage.py serve`: the one command that starts a server with all it needs beside it."""

import signal
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import CommandError
from django.core.management.base import BaseCommand

from cluster.process import Process
from talk2me.jobs import run_turn
from talk2me.jobs_metrics import serve_metrics
from talk2me.prepare import prepare
from talk2me.server import APPLICATION


class Command(BaseCommand):
    """Prepares database and files, starts a worker, and runs the periodic jobs until it ends."""

    help = "Start talk2me: migrate, put the static files in place, run a worker and the periodic jobs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the address to listen on; by default host and port of ORIGIN, when that is this machine."""
        origin = urlsplit(settings.ORIGIN)
        local = origin.hostname in ("127.0.0.1", "localhost")
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=(origin.port or 80) if local else 8000)
        parser.add_argument("--application", default=APPLICATION, help="another ASGI application")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Run until the worker ends or a signal comes; both processes end together."""
        host, port = options["host"], options["port"]
        self._require_free(host, port)
        prepare()
        # A child that ends when this process does, however that ends: else it would keep the port.
        server = Process(self._worker(host, port, options["application"]))
        asked_to_stop: list[int] = []

        def stop(number: int, _frame: object) -> None:
            asked_to_stop.append(number)
            server.ask_to_stop()

        server.start()
        serve_metrics(settings.JOBS_METRICS_ADDRESS)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, stop)
        self._say_when_ready(server, host, port)
        ended_with = self._supervise(server)
        # Daphne calls it a failure when it is interrupted; being stopped is none.
        sys.exit(0 if asked_to_stop else ended_with)

    def _require_free(self, host: str, port: int) -> None:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                raise CommandError(
                    f"port {port} is not free: stop what uses it, or set ORIGIN to another port"
                ) from error

    def _worker(self, host: str, port: int, application: str) -> list[str]:
        words = ["--host", host, "--port", str(port), "--application", application]
        return [sys.executable, "-m", "talk2me.server", *words]

    def _say_when_ready(self, server: Process, host: str, port: int) -> None:
        while server.running:
            with socket.socket() as probe:
                if probe.connect_ex((host, port)) == 0:
                    break
            time.sleep(0.05)
        else:
            return
        self.stdout.write(f"talk2me {settings.VERSION} is at {settings.ORIGIN}  (Ctrl-C stops it)")
        self.stdout.flush()

    def _supervise(self, server: Process) -> int:
        while True:
            try:
                return server.wait(settings.JOB_SECONDS)
            except subprocess.TimeoutExpired:
                run_turn()
