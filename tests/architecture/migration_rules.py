"""What a migration does to workers of the release before it, which go on writing while it runs and for a while after.

They name every column that they know in what they insert, and no other; they delete what they know to depend on a row,
and no other.
"""

from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.db import connection, models
from django.db.migrations import operations as ops
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.migration import Migration
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models.fields import NOT_PROVIDED

ROOT = Path(__file__).resolve().parents[2]
# Whatever they do, workers of before miss something that they need, or nobody can tell.
NEVER = (
    ops.RemoveField,
    ops.DeleteModel,
    ops.RenameField,
    ops.RenameModel,
    ops.AlterModelTable,
    ops.RunSQL,
    ops.RunPython,
)
# Of rows that workers of before write without a thought of it.
NARROWER = (ops.AddConstraint, ops.AlterUniqueTogether, ops.AlterIndexTogether, ops.AddIndex)


def findings(after: dict[str, str]) -> list[str]:
    """Return `app.migration Operation model[.field]` for whatever breaks the neighbour, of our own applications.

    `after` names the last migration of each that is nobody's concern any more.
    """
    loader = MigrationLoader(None)
    found: list[str] = []
    state = ProjectState()
    for key in _in_order(loader):
        migration = loader.graph.nodes[key]
        if _is_ours(key[0]) and not key[1] <= after.get(key[0], ""):
            found += [f"{key[0]}.{key[1]} {words}" for words in breaks(migration, state.clone())]
        state = migration.mutate_state(state, preserve=False)
    return found


def breaks(migration: Migration, state: ProjectState) -> Iterator[str]:
    """Give what breaks in one migration, whose beginning is `state`."""
    made: set[str] = set()
    for operation in _flat(migration.operations):
        yield from _of_one(operation, migration.app_label, state, made)
        operation.state_forwards(migration.app_label, state)


def _of_one(operation: Operation, app: str, state: ProjectState, made: set[str]) -> Iterator[str]:
    kind = type(operation).__name__
    name = str(getattr(operation, "model_name", getattr(operation, "name", "")) or "").lower()
    if isinstance(operation, ops.CreateModel):
        made.add(f"{app}.{name}")
        for field_name, field in operation.fields:
            yield from _holds(kind, f"{name}.{field_name}", field, made, app)
    elif f"{app}.{name}" in made:
        return
    elif isinstance(operation, NEVER):
        yield f"{kind} {name}".strip()
    elif isinstance(operation, NARROWER) and kind != "AddIndexConcurrently":
        yield f"{kind} {name}"
    elif isinstance(operation, ops.AddField):
        place = f"{name}.{operation.name}"
        if _is_wanted(operation.field):
            yield f"{kind} {place} without a default of the database"
        yield from _holds(kind, place, operation.field, made, app)
    elif isinstance(operation, ops.AlterField):
        before = state.models[app, name].fields[operation.name]
        if _is_narrower(before, operation.field):
            yield f"{kind} {name}.{operation.name} takes less than before"


def _is_wanted(field: models.Field) -> bool:
    """Whether a row that does not name the field is refused."""
    return not field.many_to_many and not field.null and field.db_default is NOT_PROVIDED


def _is_narrower(before: models.Field, after: models.Field) -> bool:
    return (
        (before.null and not after.null)
        or (after.unique and not before.unique)
        or before.db_type(connection) != after.db_type(connection)
        or (after.max_length or 0) < (before.max_length or 0)
        or (before.db_default is not NOT_PROVIDED and after.db_default is NOT_PROVIDED)
    )


def _holds(kind: str, place: str, field: models.Field, made: set[str], app: str) -> Iterator[str]:
    """Give a reference that keeps workers of before from deleting a row: they don't delete what refers to it."""
    if not field.remote_field or field.many_to_many or not field.db_constraint:
        return
    target = field.remote_field.model
    label = (target if isinstance(target, str) else target._meta.label).lower()  # noqa: SLF001 - documented
    label = label if "." in label else f"{app}.{label}"
    if label not in made:
        yield f"{kind} {place} holds {label}"


def _flat(operations: list[Operation]) -> Iterator[Operation]:
    for operation in operations:
        if isinstance(operation, ops.SeparateDatabaseAndState):
            yield from _flat(operation.database_operations)
        else:
            yield operation


def _in_order(loader: MigrationLoader) -> list[tuple[str, str]]:
    order: dict[tuple[str, str], None] = {}
    for leaf in sorted(loader.graph.leaf_nodes()):
        order |= dict.fromkeys(loader.graph.forwards_plan(leaf))
    return list(order)


def _is_ours(app: str) -> bool:
    folder = Path(apps.get_app_config(app).path)
    return folder.parent == ROOT
