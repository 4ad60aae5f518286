"""A real server in a process of its own, for tests in browsers and over sockets."""

import atexit
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Self

ROOT = Path(__file__).resolve().parents[2]
LIMITS = (
    "ACCOUNTS",
    "SIGN_IN",
    "LINK",
    "RECOVERY",
    "LOOKUP",
    "CLAIM",
    "CLAIM_PAIR",
    "ADD",
    "ADD_PAIR",
    "STORED",
    "API",
    "FRAMES",
    "ENVELOPES",
    "BYTES",
)
NO_LIMITS = {f"RATE_{name}": "" for name in LIMITS} | {"REGISTRATION_WORK": "0"}


class SharedStatic:
    """The static files of this release, compressed once: that takes seconds, and all servers of a run have the same."""

    def __init__(self) -> None:
        self._folder: Path | None = None

    def lend(self, data: Path) -> None:
        """Put a copy into a server's empty data, if there is one yet."""
        if self._folder and not (data / "static").exists():
            shutil.copytree(self._folder, data / "static")

    def keep(self, data: Path) -> None:
        """Keep a copy of what the first server has made."""
        if self._folder or not (data / "static").exists():
            return
        home = Path(tempfile.mkdtemp(prefix="talk2me-static-"))
        atexit.register(shutil.rmtree, home, ignore_errors=True)
        self._folder = shutil.copytree(data / "static", home / "static")


shared_static = SharedStatic()


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class RunningServer:
    """`manage.py serve` on a free port with its data in `data`; stops and starts again on the same data.

    `application` names another ASGI application than the product's own, such as the lying server's.
    """

    def __init__(self, data: Path, application: str | None = None, **environment: str) -> None:
        self.data = data
        self.port = free_port()
        self.origin = f"http://127.0.0.1:{self.port}"
        self.log = data.parent / "server.log"
        self.application = application
        self.environment = os.environ | NO_LIMITS | {
            "SECRET_KEY": "browser tests only, browser tests only 1",
            "FRANKING_KEY": "browser tests only, browser tests only 2",
            "KEYLOG_KEY": "browser tests only, browser tests only 3",
            "ORIGIN": self.origin,
            "DATA_DIR": str(data),
            "DATABASE_URL": f"sqlite:///{data}/talk2me.sqlite3",
            "DJANGO_SETTINGS_MODULE": "talk2me.settings",
        } | environment  # fmt: skip
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def manage(self, *words: str, **environment: str) -> str:
        """Run a management command on this server's data; return what it prints."""
        command = [sys.executable, "manage.py", *words]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment | environment, check=True, capture_output=True, text=True
        )
        return done.stdout

    def start(self) -> None:
        """Start the process and wait until it answers."""
        self.data.mkdir(parents=True, exist_ok=True)
        shared_static.lend(self.data)
        command = [sys.executable, "manage.py", "serve", "--port", str(self.port)]
        if self.application:
            command += ["--application", self.application]
        self._process = subprocess.Popen(
            command, cwd=ROOT, env=self.environment, stdout=self.log.open("ab"), stderr=subprocess.STDOUT
        )
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                break
            try:
                urllib.request.urlopen(f"{self.origin}/api/server", timeout=60).close()
            except OSError:
                time.sleep(0.1)
            else:
                shared_static.keep(self.data)
                return
        raise RuntimeError(f"the server did not start:\n{self.log.read_text()}")

    def kill(self) -> None:
        """End the process that was started with SIGKILL; what it started has to notice."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        """End the process as Ctrl-C would."""
        if self._process and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(timeout=60)
            except subprocess.TimeoutExpired:
                self._process.kill()
        self._process = None
