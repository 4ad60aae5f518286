"""From one database to another: how a server that began on SQLite goes on with PostgreSQL, and how backups are made."""

# ruff: noqa: SLF001 - `_meta` and `_base_manager` are Django's documented names.

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.apps import apps
from django.core.management import CommandError
from django.core.management.color import no_style
from django.db import connection, connections, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Model
from django.db.utils import DEFAULT_DB_ALIAS

FILE = "file"
# Bodies have up to 1 MiB.
ROWS_AT_ONCE = 100
# A migrated database has these already; the source's own go with the rows that point to them.
MADE_BY_MIGRATE = ("contenttypes.contenttype", "auth.permission")


def copy_from_sqlite(file: Path) -> dict[str, int]:
    """Copy every row of a SQLite database into ours, in one transaction; return how many of each model.

    Raises CommandError when ours has rows already, or when the two are not of the same release.
    """
    with _opened(file), transaction.atomic(using=FILE), transaction.atomic():
        return _copy_all(FILE, DEFAULT_DB_ALIAS)


def copy_to_sqlite(file: Path) -> None:
    """Copy every row of ours, as the open transaction sees it, into a migrated SQLite file that has none."""
    with _opened(file), transaction.atomic(using=FILE):
        _copy_all(DEFAULT_DB_ALIAS, FILE)


def require_unused() -> None:
    """Raise CommandError when our database has rows of people or operators; it need not be migrated."""
    there = set(connection.introspection.table_names())
    _require_empty([model for model in _models() if model._meta.db_table in there], DEFAULT_DB_ALIAS)


@contextmanager
def _opened(file: Path) -> Iterator[None]:
    connections.databases[FILE] = connections.databases[DEFAULT_DB_ALIAS] | {
        "ENGINE": "django.db.backends.sqlite3", "NAME": file, "OPTIONS": {}, "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": False,
    }  # fmt: skip
    try:
        yield
    finally:
        connections[FILE].close()
        del connections.databases[FILE]


def _models() -> list[type[Model]]:
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]


def _copy_all(source: str, target: str) -> dict[str, int]:
    _require_same_release()
    _require_empty(_models(), target)
    for model in _models():
        if model._meta.label_lower in MADE_BY_MIGRATE:
            model._base_manager.using(target).delete()
    copied = {model._meta.label: _copy(model, source, target) for model in _models()}
    _go_on_counting(target)
    return copied


def _require_same_release() -> None:
    ours, theirs = (
        set(MigrationRecorder(connections[alias]).applied_migrations()) for alias in (DEFAULT_DB_ALIAS, FILE)
    )
    if ours != theirs:
        raise CommandError("the two databases are not of the same release: run `manage.py prepare` with each")


def _require_empty(models: list[type[Model]], alias: str) -> None:
    for model in models:
        if model._meta.label_lower not in MADE_BY_MIGRATE and model._base_manager.using(alias).exists():
            raise CommandError(f"the new database is in use: it has rows of {model._meta.label}")


def _copy(model: type[Model], source: str, target: str) -> int:
    count = 0
    for rows in _pieces(model, source):
        # Keys of rows that come later are checked at the end of the transaction.
        model._base_manager.using(target).bulk_create(rows)
        count += len(rows)
    return count


def _pieces(model: type[Model], source: str) -> Iterator[list[Model]]:
    piece: list[Model] = []
    for row in model._base_manager.using(source).iterator(chunk_size=ROWS_AT_ONCE):
        piece.append(row)
        if len(piece) == ROWS_AT_ONCE:
            yield piece
            piece = []
    if piece:
        yield piece


def _go_on_counting(alias: str) -> None:
    """Let the next automatic number be above those that were copied."""
    with connections[alias].cursor() as cursor:
        for statement in connections[alias].ops.sequence_reset_sql(no_style(), _models()):
            cursor.execute(statement)
