"""ATTACKS 38 on several workers: what people write is not in Valkey, in a backup of PostgreSQL, in files or logs."""

import re
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from tests.e2e.person import Person
from tests.e2e.test_canary import WORDS, places_with
from tests.e2e.test_cluster import RunningCluster, come_apart, say


class Wiretap:
    """Everything that Valkey is told from now on."""

    def __init__(self, url: str) -> None:
        self.heard: list[bytes] = []
        self.client = redis.Redis.from_url(url)
        self._monitor = self.client.monitor()
        self._monitor.__enter__()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        try:
            for told in self._monitor.listen():
                # As it was sent: bytes that are no letters are told as \x.., which would hide what is between them.
                self.heard.append(re.sub(rb"\\x[0-9a-f]{2}", b"", told["command"].encode("utf-8", "surrogateescape")))
        except (redis.RedisError, OSError, ValueError):
            return


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RunningCluster]:
    """A cluster of its own: nobody has said anything in it yet."""
    (tmp_path / "data").mkdir()
    cluster = RunningCluster(tmp_path / "data")
    cluster.start()
    yield cluster
    if cluster.process.poll() is None:
        cluster.interrupt()


def urls_of(cluster: RunningCluster) -> tuple[str, str]:
    """Where its PostgreSQL and its Valkey are."""
    postgresql, valkey = cluster.folder / "postgresql", cluster.folder / "valkey"
    words = [(folder / "password").read_text() for folder in (postgresql, valkey)]
    ports = [
        (postgresql / "data/postmaster.pid").read_text().splitlines()[3],
        re.search(r"^port (\d+)", (valkey / "valkey.conf").read_text(), re.MULTILINE)[1],
    ]
    return f"postgres://talk2me:{words[0]}@127.0.0.1:{ports[0]}/talk2me", f"redis://:{words[1]}@127.0.0.1:{ports[1]}/0"


def backup(url: str) -> bytes:
    """Every row of every table, which is what a dump of the database holds."""
    with psycopg.connect(url) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        rows = b""
        for (table,) in tables:
            with connection.cursor().copy(f'COPY "{table}" TO STDOUT') as copy:
                rows += b"".join(bytes(part) for part in copy)
    return rows


def test_no_word_of_a_conversation_passes_through_valkey_or_lies_in_a_backup(
    server: RunningCluster, new_profile: callable
) -> None:
    database, valkey = urls_of(server)
    tap = Wiretap(valkey)
    alice, bob = [Person(name, new_profile(ignore_https_errors=True)).sign_up() for name in ("alice", "bob")]
    bob.accept_invitation(alice.make_invitation())
    alice.open_conversation("bob")
    # On different workers, so that what they say passes through Valkey.
    come_apart(server, alice)
    before = len(tap.heard)
    say(bob, alice, f"the word is {WORDS['message']}")
    say(alice, bob, f"and mine is {WORDS['answer']}")

    files = {str(path): path.read_bytes() for path in server.folder.rglob("*") if path.is_file()}
    haystacks = {"valkey": b"\n".join(tap.heard), "backup": backup(database), "output": server.output.read_bytes()}
    assert len(tap.heard) > before
    # It is told, and kept nowhere: without limits, which count there, Valkey has nothing.
    assert tap.client.keys() == []
    assert any("/logs/" in name or name.endswith(".log") for name in files)
    words = WORDS | {"recovery key": alice.recovery_key, "recovery key, joined": alice.recovery_key.replace("-", "")}
    assert places_with(words, haystacks | files) == set()

    # And they would have been found: planted in each.
    tap.client.set("planted", WORDS["message"])
    with psycopg.connect(database) as connection:
        connection.execute("CREATE TABLE planted AS SELECT %s::bytea AS word", (WORDS["answer"].encode(),))
    alice.page.wait_for_timeout(500)
    haystacks = {"valkey": b"\n".join(tap.heard), "backup": backup(database)}
    assert places_with(words, haystacks) == {("message", "valkey"), ("answer", "backup")}
