"""Whoever takes attachments slowly holds no connection to the database, which has only so many."""

import json

import psycopg
import pytest

from talk2me.server import SERVERS
from tests.consumers.test_attachments_over_network import Sender, read_head, read_rest
from tests.consumers.test_bounds import MIB
from tests.consumers.test_real_server import MAKE_PEOPLE
from tests.e2e.running_server import RunningServer

SLOW = 30


@pytest.mark.parametrize("name", SERVERS)
def test_many_slow_downloads_hold_no_connections(name, tmp_path, database_url):
    with RunningServer(tmp_path / "data", ASGI_SERVER=name, DATABASE_URL=database_url) as server:
        people = json.loads(server.manage("shell", "--no-imports", "-c", MAKE_PEOPLE).strip().splitlines()[-1])
        sender = Sender(server, people[0])
        body = bytes(8 * MIB)
        id_ = sender.send(body)
        with psycopg.connect(database_url, autocommit=True) as other:
            before = sessions(other)
            wires = [sender.ask(id_) for _ in range(SLOW)]
            heads = [read_head(wire) for wire in wires]
            assert sessions(other) <= before + 5
        for wire, (length, got) in zip(wires, heads, strict=True):
            assert read_rest(wire, length, got) == body
            wire.close()


def sessions(connection: psycopg.Connection) -> int:
    asked = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    return connection.execute(asked).fetchone()[0]
