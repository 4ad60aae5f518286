"""One ASGI worker."""

import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path

from cluster import wait
from cluster.process import Process

START_SECONDS = 60.0


class Worker(Process):
    """`python -m talk2me.server` on a port of the loopback address, with all settings in `env`, DATA_DIR among them."""

    def __init__(self, env: Mapping[str, str], port: int) -> None:
        self.port = port
        self.origin = f"http://127.0.0.1:{port}"
        log = Path(env["DATA_DIR"]) / "logs" / f"worker-{port}.log"
        super().__init__(_command(port), env=env, log=log)

    def start(self, *, wait_until_ready: bool = True) -> None:
        """Start, and return when it answers. Raises NotReady."""
        super().start()
        if wait_until_ready:
            self.wait_until_ready()

    def wait_until_ready(self) -> None:
        """Return when it answers. Raises NotReady."""
        wait.until(self._is_ready, f"worker {self.port} did not start", START_SECONDS)

    def answers(self) -> bool:
        """Tell whether it answers at all, if only that something else is not ready."""
        try:
            urllib.request.urlopen(f"{self.origin}/api/server", timeout=5).close()  # noqa: S310 - http
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False
        return True

    def _is_ready(self) -> bool:
        if not self.running:
            raise wait.NotReady(f"worker {self.port} ended at once:\n{self.end_of_log()}")
        return self.answers()


def _command(port: int) -> list[str]:
    return [sys.executable, "-m", "talk2me.server", "--host", "127.0.0.1", "--port", str(port)]
