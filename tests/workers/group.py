"""Workers that are processes of their own, on one database and one Redis or Valkey."""

import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings

from cluster.ports import free_port
from cluster.process import ROOT
from cluster.worker import Worker
from tests.e2e.running_server import NO_LIMITS


class Group:
    """`count` workers; settings come from `env`, above all DATABASE_URL and REDIS_URL."""

    def __init__(self, folder: Path, count: int, **env: str) -> None:
        self.env = os.environ | NO_LIMITS | {
            "SECRET_KEY": "tests of workers, tests of workers 1",
            "FRANKING_KEY": "tests of workers, tests of workers 2",
            "KEYLOG_KEY": "tests of workers, tests of workers 3",
            # What was signed for the one is good for all.
            "ORIGIN": settings.ORIGIN,
            "DATA_DIR": str(folder),
            "DJANGO_SETTINGS_MODULE": "talk2me.settings",
            "ASGI_SERVER": "uvicorn",
            # Who is told something soon was told by a wake-up; tests of the check set it lower.
            "WAKEUP_CHECK_SECONDS": "3600",
        } | env  # fmt: skip
        self.workers = [Worker(self.env, free_port()) for _ in range(count)]

    def start(self) -> "Group":
        """Make the database and start; return when all answer."""
        self.run("manage.py", "migrate", "--verbosity", "0")
        for worker in self.workers:
            worker.start(wait_until_ready=False)
        for worker in self.workers:
            worker.wait_until_ready()
        return self

    def stop(self) -> None:
        """Stop all."""
        for worker in self.workers:
            worker.stop()

    def run(self, *words: str) -> str:
        """Run Python in another process with the same settings; return what it prints."""
        done = subprocess.run([sys.executable, *words], cwd=ROOT, env=self.env, check=True, stdout=-1, text=True)
        return done.stdout

    def lines(self, words: str) -> int:
        """How many lines of all logs have these words."""
        assert all(worker.log for worker in self.workers)
        return sum(words in line for worker in self.workers for line in worker.log.read_text().splitlines())
