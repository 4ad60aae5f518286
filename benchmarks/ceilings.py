"""What cannot be beaten here: the databases storing the same rows in batches, and the ASGI servers' bare echo."""

import os
import sqlite3
import time

import msgspec
import psycopg

from benchmarks.contenders import ECHO_DAPHNE, ECHO_UVICORN
from benchmarks.run import Run
from benchmarks.servers.stores import Stores
from benchmarks.wires.wire import BODY

PART = "ceilings"
BATCH = 64
MAILBOXES = 1225
BYTES = os.urandom(BODY)
HASH = os.urandom(32)
COLUMNS = "mailbox, sequence, id, kind, slot, body, hash, minute, commitment, franking, expires"
TABLE = """CREATE TABLE ceiling (mailbox {bytes} NOT NULL, sequence bigint NOT NULL, id {bytes} NOT NULL,
    kind smallint NOT NULL, slot bigint NOT NULL, body {bytes}, hash {bytes} NOT NULL, minute bigint NOT NULL,
    commitment {bytes}, franking {bytes}, expires bigint, PRIMARY KEY (mailbox, sequence), UNIQUE (mailbox, id))"""
INSERT = f"INSERT INTO ceiling ({COLUMNS})"
TYPES = ["bytea", "bigint", "bytea", "smallint", "bigint", "bytea", "bytea", "bigint", "bytea", "bytea", "bigint"]
UNNEST = f"{INSERT} SELECT * FROM unnest({', '.join(f'%b::{name}[]' for name in TYPES)})"  # noqa: S608 - our own words


class Stored(msgspec.Struct):
    """Rows stored in batches of BATCH, each committed."""

    per_second: float

    def as_text(self) -> str:
        """Return one line."""
        return f"{self.per_second:8,.0f} /s  in batches of {BATCH}, each committed"


def _batch(number: int) -> list[tuple[object, ...]]:
    return [
        ((row % MAILBOXES).to_bytes(16, "big"), row // MAILBOXES, row.to_bytes(16, "big"), 1, 0, BYTES, HASH, 1, HASH,
         HASH, 2)
        for row in range(number * BATCH, (number + 1) * BATCH)
    ]  # fmt: skip


def postgresql(stores: Stores, seconds: float) -> Stored:
    """Insert with one connection, by one prepared statement with binary arrays."""
    with stores.fresh_database() as url, psycopg.connect(url) as connection:
        connection.execute(TABLE.format(bytes="bytea"))
        connection.commit()
        start, number = time.perf_counter(), 0
        while time.perf_counter() - start < seconds:
            columns = [list(column) for column in zip(*_batch(number), strict=True)]
            connection.execute(UNNEST, columns, prepare=True)
            connection.commit()
            number += 1
        return Stored(number * BATCH / (time.perf_counter() - start))


def sqlite(stores: Stores, seconds: float) -> Stored:
    """Insert with one connection, WAL with synchronous=FULL."""
    connection = sqlite3.connect(stores.new_folder("ceiling") / "ceiling.sqlite3", isolation_level=None)
    connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL")
    connection.execute(TABLE.format(bytes="blob"))
    marks = ", ".join("?" * 11)
    start, number = time.perf_counter(), 0
    while time.perf_counter() - start < seconds:
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(f"{INSERT} VALUES ({marks})", _batch(number))
        connection.execute("COMMIT")
        number += 1
    connection.close()
    return Stored(number * BATCH / (time.perf_counter() - start))


def measure_ceilings(run: Run) -> None:
    """Measure all of them."""
    seconds = 2.0 if run.quick else 5.0
    for name, store in {"PostgreSQL, batches of rows": postgresql, "SQLite, batches of rows": sqlite}.items():
        stored = store(run.stores, seconds)
        run.keep(PART, name, stored, stored.as_text())
    for contender in (ECHO_UVICORN, ECHO_DAPHNE):
        run.load(PART, contender, 50)
