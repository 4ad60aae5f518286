"""What every page of the admin has in common: whatever is done there goes into the audit list."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from operators.services.record_action import kind_of, record_actions

if TYPE_CHECKING:
    # Django's class takes type arguments for the type checker only.
    Base = admin.ModelAdmin[Any]
else:
    Base = admin.ModelAdmin


def record(request: HttpRequest, rows: Iterable[Model], what: str) -> None:
    """Write an entry for each of `rows`: the operator who asks did `what`; call it before they change."""
    if not request.user.is_authenticated:
        raise PermissionError
    record_actions(request.user.get_username(), what, rows)


class ModelAdmin(Base):
    """Every page of ours begins with this one. Nothing goes into Django's own list: it has names and can be changed."""

    # What addresses of ours ask for besides the page's own filters.
    asked_besides: tuple[str, ...] = ()

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Let addresses ask by the page's own filters alone.

        Django takes any column of the table: letter by letter that tells what no page shows, such as a whole id.
        """
        named = [one[0] if isinstance(one, tuple) else one for one in self.get_list_filter(request)]
        names = {getattr(one, "parameter_name", one) for one in named} | {self.date_hierarchy, *self.asked_besides}
        known = any(name and (lookup == name or lookup.startswith(f"{name}__")) for name in names)
        return known and super().lookup_allowed(lookup, value, request)

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> Any:  # noqa: ARG002 - Django's form
        """Record what Django's own page has added."""
        record(request, [obj], "added")

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> Any:  # noqa: ARG002 - Django's form
        """Record what Django's own page has changed."""
        record(request, [obj], "changed")

    def log_deletions(self, request: HttpRequest, queryset: Iterable[Model]) -> Any:
        """Record what Django's own pages are about to delete."""
        record(request, queryset, "deleted")

    def history_view(
        self,
        request: HttpRequest,
        object_id: str,
        extra_context: dict[str, Any] | None = None,  # noqa: ARG002 - Django's form
    ) -> HttpResponse:
        """Show what was done to one row: the audit list has it, for those who may see that and the row."""
        row = self.get_object(request, object_id)
        if row is not None and not self.has_view_permission(request, row):
            raise PermissionDenied
        query = urlencode({"kind": kind_of(self.model), "row": object_id})
        return HttpResponseRedirect(f"{reverse('admin:operators_auditentry_changelist')}?{query}")
