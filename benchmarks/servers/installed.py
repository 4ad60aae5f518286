"""Peers that come with the system, or not: where they are, as whom they run, and in which folder."""

import os
import shutil
from pathlib import Path

from benchmarks.servers.stores import Stores

# apt-get install what, for each program.
PACKAGES = {"prosody": "prosody", "ejabberdctl": "ejabberd erlang-p1-pgsql", "mosquitto": "mosquitto"}


class NotInstalled(Exception):
    """The program is not on this machine; the text says how to get it."""


def program(name: str) -> str:
    """Return the path of a program. Raises NotInstalled."""
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if found is None:
        raise NotInstalled(f"not installed: apt-get install {PACKAGES[name]}")
    return found


def folder_of(stores: Stores, user: str) -> tuple[Path, str | None]:
    """Return an empty folder for a server, and the user that a system would run it as where we are root."""
    return stores.new_folder(user), user if os.geteuid() == 0 else None
