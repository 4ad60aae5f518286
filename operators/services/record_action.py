"""Writing into the audit list. Nothing that people wrote and no secret goes in: only rows by their numbers."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model

from operators.models import AuditEntry


def record_action(operator: str, action: str, row: Model | None = None) -> None:
    """Write that `operator` did `action`, to `row` if to any; call it before a row goes."""
    record_actions(operator, action, [row])


def record_actions(operator: str, action: str, rows: Iterable[Model | None]) -> None:
    """Write an entry for each of `rows`."""
    AuditEntry.objects.bulk_create([AuditEntry(operator=operator, action=action[:200], **_of(row)) for row in rows])


def _of(row: Model | None) -> dict[str, Any]:
    return {} if row is None else {"kind": kind_of(row), "row": str(row.pk)}


def kind_of(model: type[Model] | Model) -> str:
    """Return how entries name the table of a model, or of a row: "keys.account"."""
    return model._meta.label_lower  # noqa: SLF001 - Django's documented name
