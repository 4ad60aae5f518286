"""What every page of the operators' admin has in common: it shows, and changes nothing."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from operators import admin_base
from operators.admin_base import ModelAdmin

if TYPE_CHECKING:
    # Django's class takes type arguments for the type checker only.
    Tabular = admin.TabularInline[Any, Any]
else:
    Tabular = admin.TabularInline


class ReadOnly:
    """No one can add, edit or delete here, whatever rights they have."""

    def has_add_permission(self, _request: HttpRequest, _obj: Model | None = None) -> bool:
        """No."""
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Model | None = None) -> bool:
        """No."""
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Model | None = None) -> bool:
        """No."""
        return False


class ReadOnlyAdmin(ReadOnly, ModelAdmin):
    list_per_page = 50


class ReadOnlyInline(ReadOnly, Tabular):
    extra = 0
    show_change_link = True


def short(uid: bytes) -> str:
    """Return the beginning of an id: enough to tell rows apart, and to search for."""
    return uid.hex()[:12]


def by_id_prefix(rows: QuerySet[Any], field: str, text: str) -> QuerySet[Any]:
    """Return those of `rows` whose bytes in `field` start with the hex digits in `text`; none if it is not hex."""
    digits = text.strip().lower()
    if not 4 <= len(digits) <= 32:
        return rows.none()
    try:
        least, most = (bytes.fromhex(digits.ljust(32, filling)) for filling in "0f")
    except ValueError:
        return rows.none()
    return rows.filter(**{f"{field}__gte": least, f"{field}__lte": most})


record = admin_base.record
