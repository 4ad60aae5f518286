"""PostgreSQL and Valkey as the cluster and the tests run them."""

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import psycopg
import pytest
import redis

from cluster.postgresql import Postgresql
from cluster.valkey import Valkey
from tests.cluster.processes import until_gone

ROOT = Path(__file__).resolve().parents[2]
# Starts both in a thread that ends, as asyncio.to_thread may, and then dies without a word.
DIES = """
import os, signal, sys, threading
from pathlib import Path
from cluster.postgresql import Postgresql
from cluster.valkey import Valkey
servers = [Valkey(Path(sys.argv[1])), Postgresql(Path(sys.argv[2]))]
for server in servers:
    thread = threading.Thread(target=server.start)
    thread.start()
    thread.join()
for server in servers:
    # The first has been without the thread that made it for as long as the second took to start.
    assert server.running
    print(server.pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_killed_postgresql_starts_again_with_what_was_committed(tmp_path):
    server = Postgresql(tmp_path / "postgresql")
    server.start()
    try:
        with psycopg.connect(server.url) as connection:
            assert connection.execute("SHOW synchronous_commit").fetchone() == ("on",)
            connection.execute("CREATE TABLE kept (value int)")
        server.kill()
        server.start()
        with psycopg.connect(server.url) as connection:
            assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)
    finally:
        server.stop()


def test_nobody_gets_in_without_the_password(postgresql, valkey):
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(host="127.0.0.1", port=postgresql.port, user="talk2me", password="wrong")
    with pytest.raises(redis.exceptions.AuthenticationError), redis.Redis(port=valkey.port) as client:
        client.ping()


def test_a_paused_valkey_goes_on_and_a_killed_one_starts_again(tmp_path):
    server = Valkey(tmp_path / "valkey")
    server.start()
    try:
        server.pause()
        with redis.Redis.from_url(server.url, socket_timeout=0.2) as client:
            with pytest.raises(redis.exceptions.TimeoutError):
                client.ping()
            server.resume()
        server.kill()
        assert server.exit_code == -signal.SIGKILL
        server.start()
        with redis.Redis.from_url(server.url) as client:
            assert client.ping()
    finally:
        server.stop()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent died")
def test_servers_outlive_the_thread_that_started_them_but_not_a_killed_parent(tmp_path):
    script = [sys.executable, "-c", textwrap.dedent(DIES), str(tmp_path / "one"), str(tmp_path / "other")]
    done = subprocess.run(script, cwd=ROOT, capture_output=True, text=True, env=os.environ, check=False)
    pids = [int(line) for line in done.stdout.split()]
    assert (done.returncode, len(pids)) == (-signal.SIGKILL, 2), done.stderr
    until_gone(pids)
