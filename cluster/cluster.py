"""The whole topology on one machine."""

import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

from cluster.caddy import Caddy
from cluster.jobs import Jobs
from cluster.ports import free_port
from cluster.postgresql import Postgresql
from cluster.process import ROOT
from cluster.valkey import Valkey
from cluster.wait import NotReady
from cluster.worker import Worker

# A worker that is asked to end takes up to ten seconds for its sockets and batches.
FAREWELL_SECONDS = 20.0


class Cluster:
    """PostgreSQL, Valkey, `workers` workers, the jobs and Caddy, with everything they keep in `folder`.

    `env` adds settings for workers and jobs, and wins; what is not in it comes from this process's environment.
    `server` is ASGI_SERVER. With `tls` the origin is https://localhost:`port`, else http://127.0.0.1:`port`; workers
    can also be reached at their own ports.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - one word for each choice
        self,
        folder: Path,
        workers: int = 2,
        server: str = "uvicorn",
        tls: bool = False,
        env: Mapping[str, str] | None = None,
        port: int | None = None,
    ) -> None:
        self.folder = folder.resolve()
        self.server = server
        self.more = dict(env or {})
        self.postgresql = Postgresql(self.folder / "postgresql")
        self.valkey = Valkey(self.folder / "valkey")
        ports = [free_port() for _ in range(workers)]
        self.caddy = Caddy(self.folder / "caddy", port or free_port(), ports, data=self.folder, tls=tls)
        self.origin = self.caddy.origin
        # They learn the addresses of the others when those have started.
        self._env: dict[str, str] = {"DATA_DIR": str(self.folder)}
        self.workers = [Worker(self._env, worker_port) for worker_port in ports]
        self.jobs = Jobs(self._env)

    def start(self) -> None:
        """Start everything and return when all of it answers; data of an earlier start are found. Raises NotReady."""
        try:
            self.postgresql.start()
            self.valkey.start()
            self._env.update(self._environment())
            self.manage("prepare")
            for worker in self.workers:
                worker.start(wait_until_ready=False)
            self.jobs.start()
            self.caddy.start()
            for worker in self.workers:
                worker.wait_until_ready()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop everything: first what depends on the others.

        Caddy stays until the workers have told their sockets to come back; it would cut them off without a word.
        """
        stopping = [threading.Thread(target=worker.stop, args=[FAREWELL_SECONDS]) for worker in self.workers]
        for thread in stopping:
            thread.start()
        for thread in stopping:
            thread.join()
        for part in (self.caddy, self.jobs, self.valkey, self.postgresql):
            part.stop()

    def manage(self, *words: str) -> str:
        """Run a management command on this cluster's data; return what it prints. Raises NotReady when it fails."""
        done = subprocess.run(  # noqa: S603 - our own words
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=self._env,
            capture_output=True,
            text=True,
            check=False,
            # Ctrl-C is for us, who let it end.
            start_new_session=True,
        )
        if done.returncode:
            raise NotReady(f"manage.py {words[0]} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
        return done.stdout

    def _environment(self) -> dict[str, str]:
        settings = {
            "DATABASE_URL": self.postgresql.url,
            "REDIS_URL": self.valkey.url,
            "DATA_DIR": str(self.folder),
            "ORIGIN": self.origin,
            "ALLOWED_HOSTS": "localhost,127.0.0.1",
            "BEHIND_PROXY": "true",
            "TRUSTED_PROXIES": "1",
            # Would tell the browser to use https for every other program on this machine.
            "HSTS_SECONDS": "0",
            "ASGI_SERVER": self.server,
            "DJANGO_SETTINGS_MODULE": "talk2me.settings",
        }
        return os.environ | settings | self.more
