"""What operators see of reports of abuse, and what they can do: suspend the account, mark as handled, delete.

What is shown was written by people who wish each other, or the operator, no good: it is plain text, escaped.
"""
# ruff: noqa: D102 - a column says its name

import logging
from datetime import UTC, datetime
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.html import format_html, format_html_join

from keys.selectors import usernames_of
from keys.services import record_about_accounts, suspend_account
from messaging.models import Report
from messaging.shown_content import ShownContent, read_shown
from operators.admin_base import ModelAdmin, record
from talk2me.errors import NotFound

log = logging.getLogger("talk2me.audit")

UNREADABLE = ShownContent("(can't be read)", "", ())


@admin.action(description="Mark selected reports as handled", permissions=["handle"])
def mark_handled(model_admin: "ReportAdmin", request: HttpRequest, reports: QuerySet[Report]) -> None:
    """Take reports off the list of those that wait."""
    record(request, reports, "handled")
    done = reports.update(handled=True)
    log.info("operator %s: reports handled: %d", request.user.pk, done)
    model_admin.message_user(request, f"{done} reports are handled.", messages.SUCCESS)


@admin.action(description="Suspend the reported accounts", permissions=["suspend"])
def suspend_reported(
    model_admin: "ReportAdmin", request: HttpRequest, reports: QuerySet[Report]
) -> TemplateResponse | None:
    """Ask once more, then shut the accounts out; nothing is deleted."""
    accounts = set(reports.values_list("account", flat=True))
    if request.POST.get("confirmed") != "yes":
        return _ask(model_admin, request, reports, accounts)
    record(request, reports, "reported account suspended")
    # The accounts too: their owners see what was done to them.
    record_about_accounts(request.user.get_username(), "suspended after a report", accounts)
    done = sum(_suspend(account) for account in accounts)
    log.info("operator %s: suspended, accounts: %d", request.user.pk, done)
    model_admin.message_user(request, f"{done} accounts are suspended.", messages.SUCCESS)
    return None


@admin.register(Report)
class ReportAdmin(ModelAdmin):
    list_display = ("__str__", "received_at", "reported", "by", "type", "beginning", "handled")
    list_filter = ("handled",)
    list_per_page = 50
    ordering = ("handled", "-id")
    fields = readonly_fields = (
        "received_at", "reported", "reported_id", "sent_at", "type", "text", "files", "by", "note", "handled",
    )  # fmt: skip
    actions = (mark_handled, suspend_reported)

    def has_add_permission(self, _request: HttpRequest) -> bool:
        """Nobody but the people concerned reports."""
        return False

    def has_change_permission(self, _request: HttpRequest, _report: Report | None = None) -> bool:
        """Nobody changes what was reported."""
        return False

    def has_handle_permission(self, request: HttpRequest) -> bool:
        """Say whether this operator may mark reports: Django's right to change them."""
        return request.user.has_perm("messaging.change_report")

    def has_suspend_permission(self, request: HttpRequest) -> bool:
        """Say whether this operator may suspend accounts, as on the page of accounts."""
        return request.user.has_perm("keys.change_account")

    @admin.display(description="reported", ordering="received")
    def received_at(self, report: Report) -> datetime:
        return datetime.fromtimestamp(report.received, UTC)

    @admin.display(description="sent", ordering="minute")
    def sent_at(self, report: Report) -> datetime:
        return datetime.fromtimestamp(report.minute, UTC)

    @admin.display(description="sent by")
    def reported(self, report: Report) -> str:
        return _name_of(report.account)

    @admin.display(description="id of the sender")
    def reported_id(self, report: Report) -> str:
        return report.account.hex()

    @admin.display(description="reported by")
    def by(self, report: Report) -> str:
        return _name_of(report.reporter)

    def type(self, report: Report) -> str:
        return _shown(report).type

    @admin.display(description="text")
    def beginning(self, report: Report) -> str:
        text = _shown(report).text
        return format_html("<bdi>{}</bdi>", text if len(text) <= 80 else text[:80] + "…")

    def text(self, report: Report) -> str:
        # Whatever direction of writing it switches to ends with it.
        return format_html("<pre><bdi>{}</bdi></pre>", _shown(report).text)

    def files(self, report: Report) -> str:
        return format_html_join(", ", "<bdi>{}</bdi>", ((name,) for name in _shown(report).files)) or "-"


def _shown(report: Report) -> ShownContent:
    return read_shown(report.content) or UNREADABLE


def _name_of(account: bytes) -> str:
    """Return the username, or the beginning of the id of an account that is gone."""
    return usernames_of([account]).get(account, account.hex()[:12])


def _suspend(account: bytes) -> bool:
    try:
        suspend_account(account)
    except NotFound:
        return False
    return True


def _ask(
    model_admin: "ReportAdmin", request: HttpRequest, reports: QuerySet[Report], accounts: set[bytes]
) -> TemplateResponse:
    context: dict[str, Any] = {
        **model_admin.admin_site.each_context(request),
        "title": "Suspend the reported accounts",
        "opts": Report._meta,  # noqa: SLF001 - Django's own templates ask for it
        "reports": reports,
        "names": sorted(_name_of(account) for account in accounts),
        "checkbox_name": ACTION_CHECKBOX_NAME,
    }
    return TemplateResponse(request, "admin/messaging/report/confirm_suspension.html", context)
