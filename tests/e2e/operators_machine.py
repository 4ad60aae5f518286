"""The machine of an operator who begins from nothing: a clone of a commit, `make run` in it, and commands beside."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

from tests.e2e.running_server import ROOT

ORIGIN = "http://127.0.0.1:8000"
# The first start installs everything.
PATIENCE = 1200


class Machine:
    """A checkout at `folder`, served at the address of the README."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder.parent / f"{folder.name}.log"
        self._process: subprocess.Popen[bytes] | None = None

    def clone(self) -> None:
        """Get the code."""
        self.say("git", "clone", "--quiet", str(ROOT), str(self.folder), cwd=self.folder.parent)

    def say(self, *command: str, given: str = "", cwd: Path | None = None, may_fail: bool = False) -> str:
        """Type a command; return what it prints."""
        done = subprocess.run(
            command, cwd=cwd or self.folder, input=given, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, check=False,
        )  # fmt: skip
        assert may_fail or done.returncode == 0, f"{' '.join(command)}:\n{done.stdout}"
        return done.stdout.strip()

    def manage(self, *words: str, given: str = "", may_fail: bool = False) -> str:
        """Type a command of manage.py."""
        return self.say(".venv/bin/python", "manage.py", *words, given=given, may_fail=may_fail)

    def make_run(self) -> None:
        """Type `make run`, and wait for the line that says where the server is."""
        told = self.log.stat().st_size if self.log.exists() else 0
        self._process = subprocess.Popen(
            ["/usr/bin/env", "make", "run"], cwd=self.folder, stdout=self.log.open("ab"), stderr=subprocess.STDOUT,
            start_new_session=True,
        )  # fmt: skip
        deadline = time.monotonic() + PATIENCE
        while f"is at {ORIGIN}" not in (said := self.log.read_text()[told:]):
            assert self._process.poll() is None, said
            assert time.monotonic() < deadline, said
            time.sleep(0.1)

    def stop(self) -> None:
        """Press Ctrl-C."""
        self._end(signal.SIGINT)

    def lose_disk(self) -> None:
        """From one moment to the next there is nothing of the server any more: no process, no data, no keys."""
        self._end(signal.SIGKILL)
        shutil.rmtree(self.folder / "var")
        (self.folder / ".env").unlink()

    def set(self, **settings: str) -> None:
        """Write settings into `.env`, in the place of those with these names."""
        file = self.folder / ".env"
        kept = [line for line in file.read_text().splitlines() if line.partition("=")[0] not in settings]
        file.write_text("\n".join([*kept, *(f"{name}={value}" for name, value in settings.items())]) + "\n")

    def _end(self, number: int) -> None:
        if self._process and self._process.poll() is None:
            os.killpg(self._process.pid, number)
            self._process.wait(timeout=120)
            self._wait_until_gone()
        self._process = None

    def _wait_until_gone(self) -> None:
        """Wait for those that `make` has started, too."""
        group = self._process.pid if self._process else 0
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                os.killpg(group, 0)
            except ProcessLookupError:
                return
            time.sleep(0.1)
