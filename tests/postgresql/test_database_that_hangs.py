"""A worker whose PostgreSQL answers nothing ends all the same."""

import asyncio
import os
import subprocess
import sys

import msgspec
import psycopg
import pytest
import websockets

from cluster.worker import Worker
from talk2me.server import SERVERS
from tests.e2e.running_server import ROOT, free_port

SECONDS = 30


@pytest.fixture(params=SERVERS)
def worker(request, database_url, tmp_path):
    env = os.environ | {"DATABASE_URL": database_url, "DATA_DIR": str(tmp_path), "ASGI_SERVER": request.param}
    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity=0"], cwd=ROOT, env=env, check=True)
    started = Worker(env, free_port())
    started.start()
    yield started
    started.kill()


async def test_a_thread_that_waits_for_the_database_does_not_keep_the_worker(worker, database_url):
    with psycopg.connect(database_url) as other:
        other.execute("LOCK TABLE keys_accesstoken IN ACCESS EXCLUSIVE MODE")
        async with websockets.connect(worker.origin.replace("http", "ws") + "/ws") as socket:
            await socket.send(msgspec.msgpack.encode([{"type": "hello", "ref": 1, "version": 1, "token": bytes(32)}]))
            await until(lambda: somebody_waits(other))
            worker.ask_to_stop()
            await until(lambda: not worker.running)
    assert worker.wait() == 0


def somebody_waits(connection: psycopg.Connection) -> bool:
    return connection.execute("SELECT 1 FROM pg_locks WHERE NOT granted").fetchone() is not None


async def until(condition) -> None:
    async with asyncio.timeout(SECONDS):
        while not condition():  # noqa: ASYNC110 - of another process
            await asyncio.sleep(0.05)
