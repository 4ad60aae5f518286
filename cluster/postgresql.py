"""One PostgreSQL on the loopback address, with its data in a folder of its own."""

import contextlib
import os
import secrets
import signal
import subprocess
from pathlib import Path

import psycopg

from cluster import other_user, programs, wait
from cluster.ports import free_port
from cluster.process import Process

NAME = "talk2me"
START_SECONDS = 60.0
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    # Accepted means durable. These are PostgreSQL's own defaults; nobody shall wonder.
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "max_wal_size": "1GB",
    # In the folder, so that a killed server leaves nothing behind in /dev/shm.
    "dynamic_shared_memory_type": "mmap",
    # No address, no statement and no key of a row in the log.
    "log_destination": "stderr",
    "logging_collector": "off",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}


class _Postmaster(Process):
    # Disconnect everybody and end cleanly, without waiting for them to go.
    stop_signal = signal.SIGINT
    death_signal = signal.SIGINT


class Postgresql:
    """Makes its data at the first start; a later start, also after a kill, finds them.

    Only who knows the random password (in `folder`, readable by its owner) may connect, and only from this machine.
    """

    def __init__(self, folder: Path, port: int | None = None) -> None:
        self.folder = folder
        self.port = port or free_port()
        self.data = folder / "data"
        self.log = folder / "postgresql.log"
        self._password_file = folder / "password"
        self._process: Process | None = None

    @property
    def url(self) -> str:
        """The value of DATABASE_URL."""
        return f"postgres://{NAME}:{self._password_file.read_text()}@127.0.0.1:{self.port}/{NAME}"

    @property
    def pid(self) -> int:
        """The number of the first of its processes."""
        return self._postmaster.pid

    @property
    def running(self) -> bool:
        """Whether it was started and has not ended."""
        return self._process is not None and self._process.running

    def start(self) -> None:
        """Make the data if there are none, start, and return when it answers. Raises NotReady, ProgramMissing."""
        if not self.data.exists():
            self._make_data()
        programs_folder = programs.postgresql(int((self.data / "PG_VERSION").read_text()))
        command = [str(programs_folder / "postgres"), "-D", str(self.data), "-p", str(self.port)]
        for name, value in SETTINGS.items():
            command += ["-c", f"{name}={value}"]
        become = other_user.becoming(self.data, programs_folder)
        self._process = _Postmaster(command, env=_environment(), log=self.log, folder=self.folder, as_user=become)
        try:
            wait.until(self._is_ready, "PostgreSQL did not start", START_SECONDS)
        except wait.NotReady as error:
            self._process.stop()
            raise wait.NotReady(f"{error}:\n{self._process.end_of_log()}") from error
        self._make_database()

    def stop(self, grace: float = 30.0) -> None:
        """End it cleanly."""
        if self._process is not None:
            self._process.stop(grace)

    def kill(self) -> None:
        """End all its processes with SIGKILL at once, as a machine that fails would."""
        children = _children_of(self.pid)
        self._postmaster.kill()
        for child in children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)

    def restart(self) -> None:
        """Stop and start; connections are lost, data are not."""
        self.stop()
        self.start()

    @property
    def _postmaster(self) -> Process:
        if self._process is None:
            raise RuntimeError("PostgreSQL was never started")
        return self._process

    def _make_data(self) -> None:
        """Run initdb; an interrupted one is not taken for a finished one."""
        self.folder.mkdir(parents=True, exist_ok=True)
        other_user.give(self.folder)
        self._password_file.write_text(secrets.token_hex(24))
        self._password_file.chmod(0o600)
        other_user.give(self._password_file)
        programs_folder = programs.postgresql()
        unfinished = self.folder / f"unfinished-{secrets.token_hex(4)}"
        command: list[str | Path] = [
            programs_folder / "initdb",
            "-D",
            unfinished,
            "-U",
            NAME,
            "--pwfile",
            self._password_file,
        ]
        command += ["--auth=scram-sha-256", "--encoding=UTF8", "--no-locale"]
        done = subprocess.run(  # noqa: S603 - our own words
            command,
            env=_environment(),
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
            # Ctrl-C is for us, who let it end.
            start_new_session=True,
            preexec_fn=other_user.becoming(self.folder / "data", programs_folder),
        )
        if done.returncode:
            raise wait.NotReady(f"initdb failed:\n{done.stdout[-1000:]}{done.stderr[-1000:]}")
        unfinished.rename(self.data)

    def _is_ready(self) -> bool:
        """Tell whether it answers; start it (again) where it does not run, since what a kill left needs a moment."""
        if not self._postmaster.running:
            self._postmaster.start()
        try:
            self._connect("postgres").close()
        except psycopg.OperationalError:
            return False
        return True

    def _make_database(self) -> None:
        with self._connect("postgres") as connection:
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone() is None:
                connection.execute(f'CREATE DATABASE "{NAME}"')

    def _connect(self, database: str) -> "psycopg.Connection[tuple[object, ...]]":
        return psycopg.connect(
            host="127.0.0.1", port=self.port, user=NAME, password=self._password_file.read_text(),
            dbname=database, connect_timeout=5, autocommit=True,
        )  # fmt: skip


def _environment() -> dict[str, str]:
    """Return an environment in which no PGDATA, PGPORT or language of the person matters."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "TZ", "TMPDIR", "LD_LIBRARY_PATH")}
    return kept | {"LC_ALL": "C"}


def _children_of(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []
