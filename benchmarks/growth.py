"""`python -m benchmarks.growth`: whether an envelope costs the same, however much is stored already.

What the writer calls, on SQLite and on PostgreSQL, in one process and without sockets: one batch after the other, in
turns, so that whatever else the machine does falls on all alike. Times are medians.
"""

import argparse
import asyncio
import json
import os
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "var/bench/growth.json"
BATCH = 32
TURNS = 60
GROUP = 100
# Filled by the database itself; only the number of rows matters here.
FILL = {
    "sqlite": """
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})
        INSERT INTO messaging_envelope (mailbox_id, sequence, id, kind, slot, body, hash, minute, expires)
        SELECT x'{mailbox}', i, randomblob(16), 1, 0, zeroblob(64), zeroblob(32), 0, 4000000000 FROM n""",
    "postgresql": """
        INSERT INTO messaging_envelope (mailbox_id, sequence, id, kind, slot, body, hash, minute, expires)
        SELECT '\\x{mailbox}', i, decode(md5(i::text), 'hex'), 1, 0, decode(repeat('00', 64), 'hex'),
            decode(repeat('00', 32), 'hex'), 0, 4000000000 FROM generate_series(1, {count}) AS i""",
}
Figures = dict[str, dict[str, float]]


class World:
    """Mailboxes of an account's devices in a fresh database, and the services that write to them."""

    def __init__(self) -> None:
        import django  # noqa: PLC0415 - the settings are those of the parent's choice

        django.setup()
        from django.core.management import call_command  # noqa: PLC0415

        from messaging.store import Store  # noqa: PLC0415

        call_command("migrate", verbosity=0)
        self.loop = asyncio.new_event_loop()
        self.store = Store()
        self.account = os.urandom(16)
        self.devices = [os.urandom(16) for _ in range(GROUP)]

    def mailbox(self, devices: int, envelopes: int = 0) -> bytes:
        """Make a conversation with so many devices, in which so many envelopes wait."""
        from django.db import connection  # noqa: PLC0415

        from messaging.models import Mailbox, MailboxKind, Subscription  # noqa: PLC0415

        id_ = os.urandom(16)
        Mailbox.objects.create(id=id_, kind=MailboxKind.CONVERSATION, minute=0, head=envelopes, bytes=envelopes * 64)
        Subscription.objects.bulk_create(
            Subscription(mailbox_id=id_, device=device, account=self.account, first=1, acknowledged=0)
            for device in self.devices[:devices]
        )
        if envelopes:
            with connection.cursor() as cursor:
                cursor.execute(FILL[connection.vendor].format(mailbox=id_.hex(), count=envelopes))
                cursor.execute("ANALYZE")
        return id_

    def append(self, mailbox: bytes, count: int = BATCH) -> int:
        """Store one batch, as the writer does; return the head."""
        from messaging.batch import PlainItem  # noqa: PLC0415

        items = [
            PlainItem(
                device=self.devices[0], account=self.account, mailbox=mailbox, id=os.urandom(16), kind=1, slot=0,
                body=bytes(1024), commitment=bytes(32), expires_in=None, reply=lambda _result: None,
            )
            for _ in range(count)
        ]  # fmt: skip
        outcome = self.loop.run_until_complete(self.store.write(items))
        return outcome.results[-1].sequence  # type: ignore[union-attr]

    def acknowledge(self, mailbox: bytes, device: int, sequence: int) -> None:
        """Move one cursor."""
        from messaging.services.acknowledge_envelopes import acknowledge_envelopes  # noqa: PLC0415

        acknowledge_envelopes([(mailbox, self.devices[device], sequence)])


def seconds(work: Callable[[], object]) -> float:
    """Return how long it takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def measure(envelopes: int) -> Figures:
    """Measure everything on the database of the settings; microseconds, but for the rows."""
    world = World()
    empty, full = world.mailbox(2), world.mailbox(2, envelopes)
    small, large = world.mailbox(2), world.mailbox(GROUP)
    found: Figures = {}
    appends: dict[bytes, list[float]] = {id_: [] for id_ in (empty, full, small, large)}
    acknowledgements: dict[bytes, list[float]] = {empty: [], full: []}
    for turn in range(TURNS):
        for id_, took in appends.items():
            took.append(seconds(lambda id_=id_: world.append(id_)) / BATCH)
        for id_, took in acknowledgements.items():
            took.append(seconds(lambda id_=id_, turn=turn: world.acknowledge(id_, 1, turn + 1)))
    found["append"] = _compared("empty_us", appends[empty], f"of_{envelopes}_us", appends[full])
    found["acknowledge"] = _compared("empty_us", acknowledgements[empty], f"of_{envelopes}_us", acknowledgements[full])
    found["group"] = _compared("of_2_us", appends[small], f"of_{GROUP}_us", appends[large])
    found["group"]["rows_per_envelope"] = _rows(large) / (TURNS * BATCH)
    once, twice = [], []
    for _ in range(5):
        once.append(seconds(lambda: [world.append(empty, 64) for _ in range(20)]))
        twice.append(seconds(lambda: [world.append(empty, 64) for _ in range(40)]))
    found["twice_the_envelopes"] = _compared("of_1280_us", once, "of_2560_us", twice)
    return found


def _compared(one: str, first: list[float], other: str, second: list[float]) -> dict[str, float]:
    a, b = statistics.median(first) * 1e6, statistics.median(second) * 1e6
    return {one: round(a, 1), other: round(b, 1), "ratio": round(b / a, 2)}


def _rows(mailbox: bytes) -> int:
    from messaging.models import Envelope  # noqa: PLC0415

    return Envelope.objects.filter(mailbox_id=mailbox).count()


@contextmanager
def databases() -> Iterator[dict[str, str]]:
    """Give the address of a fresh database of each kind."""
    from cluster.postgresql import Postgresql  # noqa: PLC0415 - not in the measuring process

    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        server = Postgresql(Path(folder) / "postgresql")
        try:
            server.start()
            yield {"sqlite": f"sqlite:///{folder}/talk2me.sqlite3", "postgresql": server.url}
        finally:
            server.stop()


def run(database_url: str, envelopes: int) -> Figures:
    """Measure in a process of its own, because Django's settings name one database."""
    with tempfile.TemporaryDirectory() as folder:
        env = os.environ | {
            "DJANGO_SETTINGS_MODULE": "talk2me.settings", "DATABASE_URL": database_url, "DATA_DIR": folder,
            "REDIS_URL": "", "ORIGIN": "http://127.0.0.1:8000", "SECRET_KEY": secrets.token_hex(32),
            "KEYLOG_KEY": secrets.token_hex(32),
            "FRANKING_KEY": secrets.token_hex(32), "MAILBOX_QUOTA_BYTES": str(2**40), "LOG_LEVEL": "ERROR",
        }  # fmt: skip
        command = [sys.executable, "-m", "benchmarks.growth", "--measure", "--envelopes", str(envelopes)]
        done = subprocess.run(command, env=env, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603
        return json.loads(done.stdout)  # type: ignore[no-any-return]


def main(arguments: list[str] | None = None) -> dict[str, Any]:
    """Measure on both databases, print a table, keep and return the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--envelopes", type=int, default=1_000_000, help="in the mailbox that is beside the empty one")
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.measure:
        figures = measure(options.envelopes)
        json.dump(figures, sys.stdout)
        return figures
    result: dict[str, Any] = {}
    print("How the cost grows: microseconds for each envelope, cursor or run, and the ratio of the two")
    with databases() as urls:
        for name, url in urls.items():
            result[name] = run(url, options.envelopes)
            for what, values in result[name].items():
                print(f"  {name:11}{what:21}" + "   ".join(f"{key} {value:,}" for key, value in values.items()))
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(json.dumps(result, indent=2) + "\n")
    return result


if __name__ == "__main__":
    main()
