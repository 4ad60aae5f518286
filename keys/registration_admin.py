"""Letting people in: operators make codes, see what became of them and who invited whom, and end them."""
# ruff: noqa: D102 - a column says its name

import logging
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from keys import services
from keys.admin_base import ReadOnlyAdmin, ReadOnlyInline, record
from keys.models import Registration, RegistrationCode

log = logging.getLogger("talk2me.audit")


class NewCodes(forms.Form):
    """What codes are for, how many people each lets in, and for how long."""

    label = forms.CharField(
        label=gettext_lazy("Label"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("What they are for. Operators see it, and everybody who comes by one."),
    )
    uses = forms.IntegerField(label=gettext_lazy("Accounts by each"), min_value=1, max_value=10_000, initial=1)
    days = forms.IntegerField(label=gettext_lazy("Days until they expire"), min_value=1, max_value=365, initial=14)
    count = forms.IntegerField(label=gettext_lazy("How many"), min_value=1, max_value=100, initial=1)


@admin.action(description=gettext_lazy("Revoke selected codes"), permissions=["revoke"])
def revoke_codes(model_admin: "RegistrationCodeAdmin", request: HttpRequest, codes: QuerySet[RegistrationCode]) -> None:
    """End codes at once; whoever has come by them stays."""
    with transaction.atomic():
        record(request, codes, "revoked")
        done = services.revoke_registration_codes(codes)
    log.info("operator %s: revoked, registration codes: %d", request.user.pk, done)
    model_admin.message_user(request, _("%(count)d codes revoked.") % {"count": done}, messages.SUCCESS)


class RegistrationInline(ReadOnlyInline):
    model = Registration
    fields = readonly_fields = ("account", "day")
    verbose_name_plural = gettext_lazy("accounts that came by it")


@admin.register(RegistrationCode)
class RegistrationCodeAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "state", "used_so_far", "made_by", "created", "expires")
    list_filter = (("used", admin.EmptyFieldListFilter), "revoked", ("account", admin.EmptyFieldListFilter), "created")
    list_select_related = ("account",)
    search_fields = ("label", "account__username", "registrations__account__username")
    search_help_text = gettext_lazy("A label, who invited, or who came")
    fields = readonly_fields = ("label", "state", "used_so_far", "made_by", "created", "expires", "used")
    inlines = (RegistrationInline,)
    actions = (revoke_codes,)
    change_list_template = "admin/keys/registrationcode/change_list.html"

    def has_make_permission(self, request: HttpRequest) -> bool:
        """Say whether this operator may make codes: Django's right to add them."""
        return request.user.has_perm("keys.add_registrationcode")

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        """Say whether this operator may end codes: Django's right to change them."""
        return request.user.has_perm("keys.change_registrationcode")

    def get_urls(self) -> list[URLPattern]:
        """Put the page that makes codes before those that Django has."""
        view = self.admin_site.admin_view(self.make_codes)
        return [path("make/", view, name="keys_registrationcode_make"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Offer that page on top of the list."""
        may = {"may_make": self.has_make_permission(request)}
        return super().changelist_view(request, (extra_context or {}) | may)

    def make_codes(self, request: HttpRequest) -> HttpResponse:
        """Ask what is wanted; then make codes, and show them this once."""
        if not self.has_make_permission(request):
            raise PermissionDenied
        form = NewCodes(request.POST or None)
        if request.method != "POST" or not form.is_valid():
            return self._page(request, "make", {"form": form})
        wanted = form.cleaned_data
        with transaction.atomic():
            codes = [
                services.create_registration_code(wanted["days"], most=wanted["uses"], label=wanted["label"])
                for _number in range(wanted["count"])
            ]
            record(request, services.rows_of_codes(codes), "made")
        log.info("operator %s: made, registration codes: %d", request.user.pk, len(codes))
        response = self._page(request, "made", {"codes": codes, "link_start": services.registration_link("")})
        response["Cache-Control"] = "no-store"
        return response

    def _page(self, request: HttpRequest, template: str, more: dict[str, Any]) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": _("Make codes"),
            "opts": self.model._meta,  # noqa: SLF001 - Django's own templates ask for it
            **more,
        }
        return TemplateResponse(request, f"admin/keys/registrationcode/{template}.html", context)

    @admin.display(description=gettext_lazy("uses"), ordering="uses")
    def used_so_far(self, code: RegistrationCode) -> str:
        return _("%(uses)d of %(most)d") % {"uses": code.uses, "most": code.most}

    @admin.display(description=gettext_lazy("made by"), ordering="account__username", empty_value="-")
    def made_by(self, code: RegistrationCode) -> str | None:
        return code.account.username if code.account else None


@admin.register(Registration)
class RegistrationAdmin(ReadOnlyAdmin):
    """Who invited whom."""

    list_display = ("account", "invited_by", "code", "day", "invited_others")
    list_select_related = ("account", "code__account")
    search_fields = ("account__username", "code__account__username", "code__label")
    date_hierarchy = "day"
    fields = readonly_fields = ("account", "invited_by", "code", "day")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Registration]:
        """Count in the query whom each has let in."""
        rows: QuerySet[Registration] = super().get_queryset(request)
        return rows.annotate(others=Count("account__registration_codes__registrations"))

    @admin.display(description=gettext_lazy("invited by"), ordering="code__account__username", empty_value="-")
    def invited_by(self, registration: Registration) -> str | None:
        by = registration.code.account
        return by.username if by else None

    @admin.display(description=gettext_lazy("has let in"), ordering="others")
    def invited_others(self, registration: Any) -> int:
        return int(registration.others)
