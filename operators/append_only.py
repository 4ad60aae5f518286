"""Triggers by which the database itself refuses to change or delete what is in the audit list.

They stop mistakes and the server's own code. Whoever owns the database can drop them.

SQLite loses them when a migration makes the table anew: such a one has to call `protect` again.
"""

from django.db.backends.base.base import BaseDatabaseWrapper

TABLE = "operators_auditentry"
SQLITE = [
    f"CREATE TRIGGER {TABLE}_{what.lower()} BEFORE {what} ON {TABLE}"
    " BEGIN SELECT RAISE(ABORT, 'the audit list only grows'); END"
    for what in ("UPDATE", "DELETE")
]
POSTGRESQL = [
    (
        f"CREATE OR REPLACE FUNCTION {TABLE}_refuse() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'the audit list only grows'; END $$"
    ),
    f"CREATE TRIGGER {TABLE}_refuse BEFORE UPDATE OR DELETE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION {TABLE}_refuse()",
]
SQLITE_END = [f"DROP TRIGGER IF EXISTS {TABLE}_{what}" for what in ("update", "delete")]
POSTGRESQL_END = [f"DROP TRIGGER IF EXISTS {TABLE}_refuse ON {TABLE}", f"DROP FUNCTION IF EXISTS {TABLE}_refuse()"]


def protect(connection: BaseDatabaseWrapper) -> None:
    """Put the triggers in place."""
    _run(connection, SQLITE if connection.vendor == "sqlite" else POSTGRESQL)


def unprotect(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers away; for going back to the release before, and for tests that empty every table."""
    _run(connection, SQLITE_END if connection.vendor == "sqlite" else POSTGRESQL_END)


def _run(connection: BaseDatabaseWrapper, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
