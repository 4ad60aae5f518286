"""One Valkey or Redis on the loopback address. It keeps nothing: wake-ups and rate limits may be lost."""

import secrets
from pathlib import Path

import redis

from cluster import programs, wait
from cluster.ports import free_port
from cluster.process import Process

START_SECONDS = 30.0


class Valkey(Process):
    """Only who knows the random password (in `folder`, readable by its owner) may use it."""

    def __init__(self, folder: Path, port: int | None = None) -> None:
        self.port = port or free_port()
        self._password_file = folder / "password"
        self._configuration = folder / "valkey.conf"
        super().__init__([], log=folder / "valkey.log", folder=folder)

    @property
    def url(self) -> str:
        """The value of REDIS_URL."""
        return f"redis://:{self._password_file.read_text()}@127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start, and return when it answers. Raises NotReady, ProgramMissing."""
        self._write_configuration()
        self.command = [str(programs.valkey()), str(self._configuration)]
        super().start()
        wait.until(self._is_ready, "Valkey did not start", START_SECONDS)

    def restart(self) -> None:
        """Stop and start; whatever was in it is lost."""
        self.stop()
        self.start()

    def _write_configuration(self) -> None:
        """Write a file for it, because other users could read its command line."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if not self._password_file.exists():
            self._password_file.touch(mode=0o600)
            self._password_file.write_text(secrets.token_hex(24))
        lines = {
            "port": self.port,
            "bind": "127.0.0.1",
            "requirepass": self._password_file.read_text(),
            "save": '""',
            "appendonly": "no",
            "daemonize": "no",
            "dir": f'"{self.folder}"',
        }
        self._configuration.touch(mode=0o600)
        self._configuration.write_text("".join(f"{name} {value}\n" for name, value in lines.items()))

    def _is_ready(self) -> bool:
        if not self.running:
            raise wait.NotReady(f"Valkey ended at once:\n{self.end_of_log()}")
        with redis.Redis.from_url(self.url, socket_timeout=5) as client:
            try:
                return bool(client.ping())
            except redis.exceptions.ConnectionError:
                return False
