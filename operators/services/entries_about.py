"""Reading the audit list."""

from django.db.models import Model, QuerySet

from operators.models import AuditEntry
from operators.services.record_action import kind_of


def entries_about(row: Model) -> QuerySet[AuditEntry]:
    """Return what was done to a row."""
    return AuditEntry.objects.filter(kind=kind_of(row), row=str(row.pk))
