"""Prosody: an XMPP server in Lua, with its own file storage and an archive of every message."""

import contextlib
from collections.abc import Iterator

from benchmarks.servers.installed import folder_of, program
from benchmarks.servers.running import Running, free_port, started
from benchmarks.servers.stores import Stores
from benchmarks.wires.xmpp import HOST, PASSWORD

CONFIGURATION = """
data_path = "{folder}"
pidfile = "{folder}/prosody.pid"
interfaces = {{ "127.0.0.1" }}
c2s_ports = {{ {port} }}
modules_enabled = {{ "roster", "saslauth", "disco", "smacks"{archive} }}
modules_disabled = {{ "s2s", "tls" }}
authentication = "internal_plain"
c2s_require_encryption = false
allow_unencrypted_plain_auth = true
storage = "internal"
default_archive_policy = true
archive_expires_after = "never"
log = {{ warn = "*console" }}
VirtualHost "{host}"
"""


@contextlib.contextmanager
def prosody(stores: Stores, *, people: int, archive: bool = True) -> Iterator[Running]:
    """Run it in a folder of its own; without `archive` it stores nothing."""
    command = program("prosody")
    folder, user = folder_of(stores, "prosody")
    accounts = folder / HOST / "accounts"
    accounts.mkdir(parents=True)
    for number in range(people):
        (accounts / f"person{number}.dat").write_text(f'return {{ ["password"] = "{PASSWORD}"; }};\n')
    port = free_port()
    text = CONFIGURATION.format(folder=folder, port=port, host=HOST, archive=', "mam"' if archive else "")
    configuration = folder / "prosody.cfg.lua"
    configuration.write_text(text)
    stores.give(folder, user)
    with started([command, "-F", "--config", str(configuration)], port, folder / "prosody.log", user=user) as process:
        yield Running([port], {"server": [process.pid]})
