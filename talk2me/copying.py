"""From one database to another: how a server that began on SQLite goes on with PostgreSQL."""

# ruff: noqa: SLF001 - `_meta` and `_base_manager` are Django's documented names.

from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.core.management import CommandError
from django.core.management.color import no_style
from django.db import connection, connections, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Model
from django.db.utils import DEFAULT_DB_ALIAS

SOURCE = "source"
# Bodies have up to 1 MiB.
ROWS_AT_ONCE = 100
# A migrated database has these already; the source's own go with the rows that point to them.
MADE_BY_MIGRATE = ("contenttypes.contenttype", "auth.permission")


def copy_from_sqlite(file: Path) -> dict[str, int]:
    """Copy every row of a SQLite database into ours, in one transaction; return how many of each model.

    Raises CommandError when ours has rows already, or when the two are not of the same release.
    """
    connections.databases[SOURCE] = connections.databases[DEFAULT_DB_ALIAS] | {
        "ENGINE": "django.db.backends.sqlite3", "NAME": file, "OPTIONS": {}, "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": False,
    }  # fmt: skip
    try:
        _require_same_release()
        with transaction.atomic(using=SOURCE), transaction.atomic():
            _require_empty()
            copied = {model._meta.label: _copy(model) for model in _models()}
            _go_on_counting()
        return copied
    finally:
        connections[SOURCE].close()
        del connections.databases[SOURCE]


def _models() -> list[type[Model]]:
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]


def _require_same_release() -> None:
    ours, theirs = (
        set(MigrationRecorder(connections[alias]).applied_migrations()) for alias in (DEFAULT_DB_ALIAS, SOURCE)
    )
    if ours != theirs:
        raise CommandError("the two databases are not of the same release: run `manage.py prepare` with each")


def _require_empty() -> None:
    for model in _models():
        if model._meta.label_lower in MADE_BY_MIGRATE:
            model._base_manager.all().delete()
        elif model._base_manager.exists():
            raise CommandError(f"the new database is in use: it has rows of {model._meta.label}")


def _copy(model: type[Model]) -> int:
    count = 0
    for rows in _pieces(model):
        # Keys of rows that come later are checked at the end of the transaction.
        model._base_manager.bulk_create(rows)
        count += len(rows)
    return count


def _pieces(model: type[Model]) -> Iterator[list[Model]]:
    piece: list[Model] = []
    for row in model._base_manager.using(SOURCE).iterator(chunk_size=ROWS_AT_ONCE):
        piece.append(row)
        if len(piece) == ROWS_AT_ONCE:
            yield piece
            piece = []
    if piece:
        yield piece


def _go_on_counting() -> None:
    """Let the next automatic number be above those that were copied."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), _models()):
            cursor.execute(statement)
