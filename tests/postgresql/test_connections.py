"""Requests leave no connection to PostgreSQL behind, which has only so many for all workers together."""

import urllib.error
import urllib.request

import psycopg
import pytest

from talk2me.server import SERVERS
from tests.e2e.running_server import RunningServer
from tests.postgresql.test_slow_downloads import sessions

REQUESTS = 40


@pytest.mark.parametrize("name", SERVERS)
def test_requests_leave_no_connections_behind(name, tmp_path, database_url):
    with RunningServer(tmp_path / "data", ASGI_SERVER=name, DATABASE_URL=database_url) as server:
        ask(server)
        with psycopg.connect(database_url, autocommit=True) as other:
            before = sessions(other)
            for _ in range(REQUESTS):
                ask(server)
            assert sessions(other) <= before + 2


def ask(server: RunningServer) -> None:
    """Ask, on a connection of its own, for what only the database knows: whether a token is one."""
    headers = {"Authorization": f"Bearer {'A' * 43}"}
    request = urllib.request.Request(f"{server.origin}/api/account", headers=headers)
    with pytest.raises(urllib.error.HTTPError, match="401"):
        urllib.request.urlopen(request, timeout=30)
