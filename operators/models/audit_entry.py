"""One thing that an operator did, or tried: the list only ever grows."""

from typing import Any, NoReturn

from django.db import models
from django.utils import timezone


class AppendOnly(Exception):
    """Somebody wanted to change or delete what is there to stay."""


class AppendOnlyRows(models.QuerySet["AuditEntry"]):
    """Rows that can be read and added."""

    def update(self, **_values: Any) -> NoReturn:
        """No."""
        raise AppendOnly

    def delete(self) -> NoReturn:
        """No."""
        raise AppendOnly


class AuditEntry(models.Model):
    """Who, when, what, on which row. No name of an account: that would outlive the account (operators/append_only.py).

    `operator` is a name as it was, so that the entry needs no other row; empty for somebody unknown.
    """

    moment = models.DateTimeField(default=timezone.now, db_index=True, editable=False)
    operator = models.CharField(max_length=150, blank=True, editable=False)
    action = models.CharField(max_length=200, editable=False)
    # Such as "keys.account" and the number of its row; both empty for what is about no row.
    kind = models.CharField(max_length=100, blank=True, editable=False)
    row = models.CharField(max_length=64, blank=True, editable=False)

    objects = AppendOnlyRows.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "audit entry"
        verbose_name_plural = "audit entries"
        indexes = [models.Index(fields=["kind", "row"], name="operators_audit_row")]

    def __str__(self) -> str:
        return f"{self.operator or 'somebody'}: {self.action}"

    def save(self, *args: Any, **options: Any) -> None:
        """Add it. Raises AppendOnly for one that is there already."""
        if not self._state.adding:
            raise AppendOnly
        super().save(*args, **options)

    def delete(self, *_args: Any, **_options: Any) -> NoReturn:
        """Raise AppendOnly."""
        raise AppendOnly
