"""ejabberd: an XMPP server in Erlang, here with accounts and the archive of every message in PostgreSQL."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from benchmarks.servers.installed import NotInstalled, folder_of, program
from benchmarks.servers.running import Running, free_port, started
from benchmarks.servers.stores import Stores
from benchmarks.wires.xmpp import HOST, PASSWORD

SCHEMA = Path("/usr/share/ejabberd/sql/pg.sql")
CONFIGURATION = """
loglevel: warning
hosts: ["{host}"]
listen:
  - port: {port}
    ip: "127.0.0.1"
    module: ejabberd_c2s
    max_stanza_size: 262144
auth_method: sql
auth_password_format: plain
default_db: sql
sql_type: pgsql
sql_server: "127.0.0.1"
sql_port: {database.port}
sql_database: "{name}"
sql_username: "{database.username}"
sql_password: "{database.password}"
modules:
  mod_mam:
    default: always
    db_type: sql
  mod_stream_mgmt: {{}}
"""


@contextlib.contextmanager
def ejabberd(stores: Stores, *, people: int) -> Iterator[Running]:
    """Run it on a fresh database, as one Erlang node that no other can reach."""
    program("ejabberdctl")
    if not any(Path("/usr/lib/erlang/lib").glob("p1_pgsql-*")):
        raise NotInstalled("its driver of PostgreSQL is not installed: apt-get install erlang-p1-pgsql")
    with stores.fresh_database() as url:
        database = urlsplit(url)
        name = database.path.removeprefix("/")
        with psycopg.connect(url) as connection, connection.cursor() as cursor:
            cursor.execute(SCHEMA.read_bytes())
            people_rows = [(f"person{number}", PASSWORD) for number in range(people)]
            cursor.executemany("INSERT INTO users (username, password) VALUES (%s, %s)", people_rows)
        folder, user = folder_of(stores, "ejabberd")
        port = free_port()
        configuration = folder / "ejabberd.yml"
        configuration.write_text(CONFIGURATION.format(host=HOST, port=port, database=database, name=name))
        stores.give(folder, user)
        env = os.environ | {
            "HOME": str(folder),
            "ERL_LIBS": str(libraries()),
            "ERL_CRASH_DUMP": str(folder / "erl_crash.dump"),
            "EJABBERD_CONFIG_PATH": str(configuration),
            "EJABBERD_LOG_PATH": str(folder / "ejabberd.log"),
        }
        command = ["erl", "-noinput", "+K", "true", "-mnesia", "dir", f'"{folder}/mnesia"', "-s", "ejabberd"]
        with started(command, port, folder / "erl.log", env, user=user) as process:
            yield Running([port], {"server": [process.pid], "database": [stores.postgresql.pid]})


def libraries() -> Path:
    """Return the folder that holds ejabberd's own Erlang application."""
    for folder in sorted(Path("/usr/lib").glob("*/ejabberd-*")):
        return folder.parent
    raise NotInstalled("not installed: apt-get install ejabberd")
