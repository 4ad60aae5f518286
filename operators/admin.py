"""Who operates this server, and what they did."""
# ruff: noqa: D102 - a column says its name

from typing import Any

from django.apps import apps
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html

from operators.admin_base import ModelAdmin, record
from operators.models import AuditEntry
from operators.operator_forms import ChangeOperatorForm, NewOperatorForm
from operators.roles import give_role, role_of
from operators.services.second_factor import remove_factor

# In the place of a name that nobody has.
SOMEBODY = "(somebody)"

# Groups are the roles; what each may do is in operators/roles.py.
if isinstance(admin.site._registry.get(Group), GroupAdmin):  # noqa: SLF001 - asking would need a release of its own
    admin.site.unregister(Group)
admin.site.unregister(User)


@admin.action(description="Remove the second factor of selected operators", permissions=["change"])
def remove_factors(model_admin: "OperatorAdmin", request: HttpRequest, operators: QuerySet[User]) -> None:
    """Let who has lost phone and recovery codes set up another one."""
    # Nobody their own: whoever sits down at an open session could.
    others = [user for user in operators if user.pk != request.user.pk]
    done = sum(remove_factor(user, request.user.get_username()) for user in others)
    model_admin.message_user(request, f"{done} second factors are removed.", messages.SUCCESS)


@admin.register(User)
class OperatorAdmin(ModelAdmin, UserAdmin):  # type: ignore[type-arg]
    """Operators are switched off, not deleted: the audit list names them."""

    form = ChangeOperatorForm
    add_form = NewOperatorForm
    list_display = ("username", "role", "second_factor_since", "is_active", "last_login")
    list_filter = ("is_active", "groups")
    search_fields = ("username",)
    ordering = ("username",)
    filter_horizontal = ()
    readonly_fields = ("second_factor_since", "last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("username", "password", "role", "is_active")}),
        ("Since when", {"fields": ("second_factor_since", "last_login", "date_joined")}),
    )
    add_fieldsets = ((None, {"fields": ("username", "role", "password1", "password2")}),)
    actions = (remove_factors,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """Read roles and second factors with the operators."""
        rows: QuerySet[User] = super().get_queryset(request)
        return rows.select_related("second_factor").prefetch_related("groups")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Call them what they are."""
        return super().changelist_view(request, {"title": "Operators", **(extra_context or {})})

    def get_readonly_fields(self, _request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """Let a name stay as it is: the audit list has it."""
        return ("username", *self.readonly_fields) if obj else self.readonly_fields

    def has_delete_permission(self, _request: HttpRequest, _obj: User | None = None) -> bool:
        """Nobody does."""
        return False

    def save_related(self, request: HttpRequest, form: Any, _formsets: Any, change: bool) -> None:
        """Give the role that the form says, and record it."""
        user, role = form.instance, form.cleaned_data["role"]
        if not change or role != role_of(user):
            give_role(user, role)
            record(request, [user], f"given the role {role}")
        if change and "is_active" in form.changed_data:
            record(request, [user], "switched on" if user.is_active else "switched off")

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        """Record a new password; what else there is to change is recorded where it is done."""
        if "password" in str(message).lower():
            record(request, [obj], "password changed")

    def role(self, user: User) -> str:
        return role_of(user) or "-"

    @admin.display(description="second factor since")
    def second_factor_since(self, user: User) -> str:
        factor = getattr(user, "second_factor", None)
        return str(factor.since) if factor and factor.since else "-"


class _ByValue(admin.SimpleListFilter):
    """Django's own filter by value writes a link without words for the empty text."""

    parameter_name: str
    empty: str

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, str]]:
        """Return what there is."""
        name = self.parameter_name
        values = AuditEntry.objects.order_by(name).values_list(name, flat=True).distinct()
        return [(value or "-", value or self.empty) for value in values]

    def queryset(self, _request: HttpRequest, queryset: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
        """Return what has the value."""
        value = self.value()
        return queryset if value is None else queryset.filter(**{self.parameter_name: "" if value == "-" else value})


class ByOperator(_ByValue):
    title = parameter_name = "operator"
    empty = SOMEBODY


class ByKind(_ByValue):
    title = "table"
    parameter_name = "kind"
    empty = "(none)"


@admin.register(AuditEntry)
class AuditAdmin(ModelAdmin):
    """What operators did. Only code writes it; nobody can change it, here or anywhere."""

    list_display = ("moment", "who", "action", "about")
    list_display_links = None
    list_filter = ("moment", ByOperator, ByKind)
    search_fields = ("operator", "action")
    search_help_text = "The name of an operator, or a word of what was done"
    # The page of one row asks for its entries.
    asked_besides = ("row",)
    list_per_page = 100
    show_full_result_count = False
    actions = None

    def has_add_permission(self, _request: HttpRequest) -> bool:
        """Nobody does."""
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Model | None = None) -> bool:
        """Nobody does."""
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Model | None = None) -> bool:
        """Nobody does."""
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Call it what it is."""
        return super().changelist_view(request, {"title": "Audit list", **(extra_context or {})})

    @admin.display(description="operator", ordering="operator")
    def who(self, entry: AuditEntry) -> str:
        return entry.operator or SOMEBODY

    @admin.display(description="on", ordering="kind")
    def about(self, entry: AuditEntry) -> str:
        """Return the row as it is called now: no name is kept in the list itself."""
        if not entry.kind:
            return "-"
        found = _row_of(entry)
        label = f"{entry.kind.partition('.')[2]} {entry.row}"
        if found is None:
            return f"{label} (gone)"
        try:
            address = reverse(f"admin:{entry.kind.replace('.', '_')}_change", args=[entry.row])
        except NoReverseMatch:
            return label
        name = f"{label}: {found}" if isinstance(found, User) or entry.kind == "keys.account" else label
        return format_html('<a href="{}"><bdi>{}</bdi></a>', address, name)


def _row_of(entry: AuditEntry) -> Model | None:
    try:
        model = apps.get_model(entry.kind)
    except (LookupError, ValueError):
        return None
    found: Model | None = model._base_manager.filter(pk=entry.row).first()  # noqa: SLF001 - Django's documented name
    return found
