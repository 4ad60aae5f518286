"""`python -m benchmarks.key_log.filling <folder> <events> ...`: a database for each number of events.

SQLite files `<events>.sqlite3`, and beside each what is in it, `<events>.json`. copying.py brings one into PostgreSQL.
"""

import datetime as dt
import hashlib
import json
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - needs loaded apps
from django.db import connection  # noqa: E402

from benchmarks.key_log.columns import TABLES, quoted  # noqa: E402
from benchmarks.key_log.log_in_memory import EVENTS_PER_ACCOUNT, LogInMemory, Person  # noqa: E402

# Accounts whose chains are real, evenly over the log, so that browsers can verify them.
SHOWN = 16
Row = tuple[Any, ...]


def fill(folder: Path, sizes: list[int]) -> None:
    """Write a database for each size into the folder, in which the empty one of the settings is."""
    call_command("migrate", verbosity=0)
    empty = Path(connection.settings_dict["NAME"])
    connection.close()
    accounts = [size // EVENTS_PER_ACCOUNT for size in sizes]
    real = {count * number // SHOWN for count in accounts for number in range(SHOWN)}
    log = LogInMemory()
    for events in log.grow(real):
        if events in sizes:
            target = folder / f"{events}.sqlite3"
            shutil.copy(empty, target)
            _write(target, log)
            (folder / f"{events}.json").write_text(json.dumps(_told(log)))
        if events == max(sizes):
            return


def _write(target: Path, log: LogInMemory) -> None:
    with closing(sqlite3.connect(target)) as database:
        # Nobody needs it after a power cut.
        database.execute("PRAGMA synchronous=OFF")
        for table, rows in _rows(log).items():
            columns = TABLES[table]
            marks = ", ".join("?" * len(columns.split()))
            database.executemany(f"INSERT INTO {table} ({quoted(columns)}) VALUES ({marks})", rows)  # noqa: S608 - our own words
        database.commit()
        database.execute("ANALYZE")


def _rows(log: LogInMemory) -> dict[str, Iterator[Row]]:
    return {
        "keys_account": map(_account, log.people),
        "keys_accountevent": _events(log),
        "keys_logstate": iter([(1, len(log.leaves), log.directory_key, log.opening)]),
        "keys_logleaf": enumerate(log.leaves),
        "keys_lognode": enumerate(log.nodes),
        "keys_logmapentry": iter(log.map.positions.items()),
        "keys_logmapnode": ((prefix, *children) for prefix, children in log.map.nodes.items()),
    }


def _account(person: Person) -> Row:
    head = hashlib.sha256(person.events[-1][0]).digest()
    assert person.name is not None
    return (
        person.number + 1, person.uid, person.username, person.username, person.identity_key, person.identity_key,
        len(person.events), head, 1, 0, dt.datetime.now(tz=dt.UTC).date().isoformat(),
        1, person.name.position, person.name.opening, b"",
    )  # fmt: skip


def _events(log: LogInMemory) -> Iterator[Row]:
    now = dt.datetime.now(tz=dt.UTC).strftime("%Y-%m-%d %H:%M:00")
    number = 0
    for person in log.people:
        for seq, ((event, signatures), entered) in enumerate(zip(person.events, person.entered, strict=True), 1):
            number += 1
            yield (
                number, person.number + 1, seq, "create" if seq == 1 else "device_add", event, json.dumps(signatures),
                hashlib.sha256(event).digest(), now, entered.position, entered.opening,
            )  # fmt: skip


def _told(log: LogInMemory) -> dict[str, Any]:
    shown = [person.uid.hex() for person in log.people if person.real and len(person.events) == EVENTS_PER_ACCOUNT]
    return {"events": log.events, "leaves": len(log.leaves), "accounts": len(log.people), "shown": shown}


if __name__ == "__main__":
    fill(Path(sys.argv[1]), [int(size) for size in sys.argv[2:]])
