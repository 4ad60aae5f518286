"""`python -m benchmarks.key_log.copying <SQLite file>`: brings a filled log into the PostgreSQL of DATABASE_URL."""

import os
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import psycopg

from benchmarks.key_log.columns import TABLES, quoted

# Their numbers are the database's own.
COUNTED = ("keys_account", "keys_accountevent")
COUNT_ON = "SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"


def copy(source: Path, url: str) -> None:
    """Copy the rows into a database that has the tables, and let it count on from them."""
    with closing(sqlite3.connect(source)) as filled, psycopg.connect(url) as target:
        for table, columns in TABLES.items():
            names = quoted(columns)
            with target.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copying:
                for row in filled.execute(f"SELECT {names} FROM {table}"):  # noqa: S608 - our own words
                    copying.write_row(row)
        for table in COUNTED:
            target.execute(COUNT_ON.format(table=table))
        target.commit()
        target.autocommit = True
        target.execute("VACUUM ANALYZE")


if __name__ == "__main__":
    copy(Path(sys.argv[1]), os.environ["DATABASE_URL"])
