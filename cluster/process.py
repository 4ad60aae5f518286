"""One child process."""

import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from cluster.parent import in_child, maker

ROOT = Path(__file__).resolve().parent.parent


class Process:
    """A program that can be started, stopped, killed and paused, and started again.

    It has a session of its own, so that Ctrl-C reaches the parent alone, which then stops everything in order. `log`
    takes what it prints; without one it prints where the parent prints. `stop_signal` asks it to end; `death_signal`
    ends it when the parent dies; `as_user` runs in the child before the program does.
    """

    stop_signal = signal.SIGTERM
    death_signal = signal.SIGKILL

    def __init__(
        self,
        command: Sequence[str],
        *,
        env: Mapping[str, str] | None = None,
        log: Path | None = None,
        folder: Path = ROOT,
        as_user: Callable[[], None] | None = None,
    ) -> None:
        self.command = list(command)
        self.env = env
        self.log = log
        self.folder = folder
        self.as_user = as_user
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The process's number; of the last one if it has ended."""
        return self._started.pid

    @property
    def running(self) -> bool:
        """Whether it was started and has not ended."""
        return self._child is not None and self._child.poll() is None

    @property
    def exit_code(self) -> int | None:
        """How it ended, negative for a signal; None while it runs."""
        return self._started.poll()

    def start(self) -> None:
        """Start the program; it may not be ready yet when this returns."""
        if self.running:
            raise RuntimeError(f"already running: {self.command[0]}")
        self._child = maker.submit(self._spawn).result()

    def ask_to_stop(self) -> None:
        """Ask it to end, and do not wait."""
        self._signal(self.stop_signal)
        self.resume()

    def stop(self, grace: float = 10.0) -> None:
        """Ask it to end and wait; after `grace` seconds kill it. Harmless when it does not run."""
        if not self.running:
            return
        self.ask_to_stop()
        try:
            self.wait(grace)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """End it with SIGKILL, and whatever it started in its session."""
        if self.running:
            os.killpg(self.pid, signal.SIGKILL)
            self.wait()

    def pause(self) -> None:
        """Stop it from running, with its sockets open."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it run on."""
        self._signal(signal.SIGCONT)

    def wait(self, timeout: float | None = None) -> int:
        """Wait until it has ended; return its exit code. Raises subprocess.TimeoutExpired after `timeout` seconds."""
        return self._started.wait(timeout)

    def end_of_log(self, characters: int = 2000) -> str:
        """Return the last things it printed, for an error."""
        if self.log is None or not self.log.exists():
            return ""
        return self.log.read_text(errors="replace")[-characters:]

    @property
    def _started(self) -> subprocess.Popen[bytes]:
        if self._child is None:
            raise RuntimeError(f"never started: {self.command[0]}")
        return self._child

    def _signal(self, number: signal.Signals) -> None:
        if self.running:
            self._started.send_signal(number)

    def _spawn(self) -> "subprocess.Popen[bytes]":
        if self.log is None:
            return self._popen(None)
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            return self._popen(log.fileno())

    def _popen(self, output: int | None) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(  # noqa: S603 - our own words
            self.command,
            env=self.env,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=None if output is None else subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=in_child(self.death_signal, self.as_user),  # noqa: PLW1509 - one thread makes all children
        )
