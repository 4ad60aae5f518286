"""The folder in which one device lives: its sealed records, and the key that opens them."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from client.errors import Failed

_LEAST_KEY = 32
_LONGEST_SOCKET = 100


def default_folder() -> Path:
    """Return where the command keeps its state unless told otherwise."""
    if named := os.environ.get("TALK2ME_STATE"):
        return Path(named)
    base = os.environ.get("XDG_STATE_HOME")
    return (Path(base) if base else Path.home() / ".local/state") / "talk2me"


@dataclass(frozen=True)
class State:
    """`key_file`: None for the one in the folder; `server`: of an account that is about to be made."""

    folder: Path
    key_file: Path | None = None
    server: str | None = None

    @classmethod
    def chosen(cls, folder: str | None = None, key_file: str | None = None) -> State:
        """Take what was given, else the environment's, else the default."""
        key_file = key_file or os.environ.get("TALK2ME_KEY_FILE")
        return cls(
            (Path(folder) if folder else default_folder()).expanduser().absolute(),
            Path(key_file).expanduser().absolute() if key_file else None,
        )

    @property
    def socket(self) -> Path:
        """Where whoever has the folder open can be asked. Raises `state_long`."""
        path = self.folder / "socket"
        if len(os.fsencode(path)) > _LONGEST_SOCKET:
            raise Failed("state_long")
        return path

    @property
    def key_path(self) -> Path:
        """The file with the key."""
        return self.key_file or self.folder / "key"

    def begin(self, server: str) -> State:
        """Make what an account on `server` needs. Raises `server_invalid`, `already_signed_up`."""
        origin = check_server(server)
        if self._kept_server() not in {None, origin}:
            raise Failed("already_signed_up")
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._check_closed()
        if not self.key_file and not self.key_path.exists() and not (self.folder / "state.sqlite3").exists():
            _write_new(self.key_path, secrets.token_hex(_LEAST_KEY) + "\n")
        return replace(self, server=origin)

    def keep_server(self) -> None:
        """There is an account now."""
        if self._kept_server() is None:
            _write_new(self.folder / "server", self.origin + "\n")

    @property
    def origin(self) -> str:
        """The server's. Raises `account_missing`."""
        origin = self.server or self._kept_server()
        if origin is None:
            raise Failed("account_missing")
        return origin

    def secret(self) -> bytes:
        """Return what is in the key file. Raises `state_readable`, `key_file_missing`, `key_file_short`."""
        self._check_closed()
        try:
            secret = self.key_path.read_bytes().strip()
            mode = self.key_path.stat().st_mode
        except OSError:
            raise Failed("key_file_missing") from None
        # What systemd puts into a credentials directory has an access list, which shows in the group's bits.
        if mode & (0o007 if self.key_file else 0o077):
            raise Failed("state_readable")
        if len(secret) < _LEAST_KEY:
            raise Failed("key_file_short")
        return secret

    def _kept_server(self) -> str | None:
        try:
            return (self.folder / "server").read_text().strip()
        except (OSError, UnicodeDecodeError):
            return None

    def _check_closed(self) -> None:
        if self.folder.stat().st_mode & 0o077:
            raise Failed("state_readable")


def check_server(server: str) -> str:
    """Return the origin of an address. Raises `server_invalid`: browsers, too, keep keys only for such pages."""
    try:
        parts = urlsplit(server)
        # Reading it is what finds that it is none.
        _ = parts.port
    except ValueError:
        raise Failed("server_invalid") from None
    local = parts.hostname in {"127.0.0.1", "::1", "localhost"}
    if not parts.hostname or parts.scheme not in {"https", *(["http"] if local else [])}:
        raise Failed("server_invalid")
    if parts.path.strip("/") or parts.query or parts.fragment or parts.username:
        raise Failed("server_invalid")
    return f"{parts.scheme}://{parts.netloc.lower()}"


def _write_new(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
