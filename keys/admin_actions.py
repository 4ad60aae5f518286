"""What operators can do to accounts. Each asks once more, and each is written into the audit list."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from keys import services
from keys.models import Account
from operators.admin_base import ModelAdmin, record

log = logging.getLogger("talk2me.audit")


@dataclass(frozen=True)
class AccountAction:
    """One action: its name in the list, what it means, and the service that does it.

    A service that returns text has made a code, which the operator sees once.
    """

    name: str
    label: Any
    meaning: Any
    past: str
    service: Callable[[bytes], str | None]
    permission: str


ACTIONS = (
    AccountAction(
        "suspend_accounts",
        gettext_lazy("Suspend selected accounts"),
        gettext_lazy(
            "Their devices are shut out at once and can't sign in until you reinstate them. Nothing is deleted."
        ),
        "suspended",
        services.suspend_account,
        "suspend",
    ),
    AccountAction(
        "reinstate_accounts",
        gettext_lazy("Reinstate selected accounts"),
        gettext_lazy("Their devices can sign in again."),
        "reinstated",
        services.reinstate_account,
        "suspend",
    ),
    AccountAction(
        "keep_from_strangers",
        gettext_lazy("Keep selected accounts from strangers"),
        gettext_lazy(
            "They go on with everybody whom they share a conversation with, and begin none with anybody else who has "
            "not invited them. They see that it was done."
        ),
        "kept from strangers",
        services.keep_from_strangers,
        "suspend",
    ),
    AccountAction(
        "let_to_strangers",
        gettext_lazy("Let selected accounts write to strangers again"),
        gettext_lazy("They begin conversations with anybody who is open to strangers."),
        "let to strangers again",
        services.let_to_strangers,
        "suspend",
    ),
    AccountAction(
        "permit_resets",
        gettext_lazy("Allow to start over"),
        gettext_lazy(
            "Whoever has the code that you get now may put new keys in the place of all that the account has, from the "
            "seventh day on, unless one of its devices objects. A code of before no longer counts."
        ),
        "allowed to start over",
        services.create_reset_permit,
        "start_over",
    ),
    AccountAction(
        "withdraw_reset_permits",
        gettext_lazy("Withdraw leave to start over"),
        gettext_lazy("The codes that were given for them no longer count."),
        "no longer allowed to start over",
        services.withdraw_reset_permit,
        "start_over",
    ),
    AccountAction(
        "delete_accounts",
        gettext_lazy("Delete selected accounts"),
        gettext_lazy(
            "Their chains, devices, key packages and vaults are deleted, and nobody can bring them back. The usernames "
            "are free again."
        ),
        "deleted",
        services.delete_account,
        "delete_account",
    ),
)


def as_admin_action(action: AccountAction) -> Callable[..., Any]:
    """Return the function that Django's list page calls: first the question, then, confirmed, the service."""

    @admin.action(description=action.label, permissions=[action.permission])
    def run(model_admin: ModelAdmin, request: HttpRequest, accounts: QuerySet[Account]) -> TemplateResponse | None:
        if request.POST.get("confirmed") != "yes":
            return _ask(model_admin, request, accounts, action)
        with transaction.atomic():
            names = dict(accounts.order_by("username").values_list("uid", "username"))
            record(request, accounts, action.past)
            made = {name: action.service(account_id) for account_id, name in names.items()}
        # Who and when; which accounts, the audit list says. Logs carry no id of a person.
        log.info("operator %s: %s, accounts: %d", request.user.pk, action.past, len(names))
        codes = {name: code for name, code in made.items() if code is not None}
        if codes:
            return _show(model_admin, request, codes, action)
        done = _("%(count)d accounts %(past)s.") % {"count": len(names), "past": _(action.past)}
        model_admin.message_user(request, done, messages.SUCCESS)
        return None

    run.__name__ = action.name
    return run


def _ask(
    model_admin: ModelAdmin, request: HttpRequest, accounts: QuerySet[Account], action: AccountAction
) -> TemplateResponse:
    context = {"accounts": accounts.order_by("username"), "checkbox_name": ACTION_CHECKBOX_NAME}
    return _page(model_admin, request, action, "confirm_action", context)


def _show(
    model_admin: ModelAdmin, request: HttpRequest, codes: dict[str, str], action: AccountAction
) -> TemplateResponse:
    # On the page itself: a message would wait in a cookie or a session.
    return _page(model_admin, request, action, "show_codes", {"codes": codes})


def _page(
    model_admin: ModelAdmin, request: HttpRequest, action: AccountAction, template: str, more: dict[str, Any]
) -> TemplateResponse:
    context = {
        **model_admin.admin_site.each_context(request),
        "title": action.label,
        "opts": model_admin.model._meta,  # noqa: SLF001 - Django's own templates ask for it
        "action": action,
        **more,
    }
    return TemplateResponse(request, f"admin/keys/account/{template}.html", context)
