"""Pages of the admin that belong to no table: one's own second factor, and the limits that are in force."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from operators import settings_shown, totp
from operators.receivers import SHOWN
from operators.services import second_factor as factors
from operators.services.record_action import record_action
from operators.site import OperatorSite, hit_limits
from talk2me.errors import RateLimited

# In the session: that the secret on the page was begun there.
BEGUN = "second_factor_begun"
WRONG_PASSWORD = "That is not your password."  # noqa: S105 - a sentence
WRONG_CODE = "That code does not count. Wait for the next one, and check the clock of your phone."


def second_factor(request: HttpRequest) -> HttpResponseBase:
    """Set up, renew or remove one's own second factor; the only page for those who have to set it up first."""
    site: OperatorSite = admin.site  # type: ignore[assignment]
    user = request.user
    lacking = site.lacks(request)
    if not isinstance(user, User) or not (user.is_active and user.is_staff) or lacking == "code":
        return HttpResponseRedirect(f"{reverse('admin:login')}?next={request.path}")
    if request.method != "POST":
        return _page(request, user)
    try:
        hit_limits(request, user.get_username())
    except RateLimited as error:
        return site.too_often(request, error)
    step = request.POST.get("step")
    if step == "confirm":
        return _confirm(request, user)
    if not user.check_password(request.POST.get("password", "")):
        record_action(user.get_username(), "second factor: wrong password", user)
        return _page(request, user, error=WRONG_PASSWORD)
    return _act(request, user, step)


def _act(request: HttpRequest, user: User, step: str | None) -> HttpResponseBase:
    """Do what the password was given for."""
    factor = factors.factor_of(user)
    if step == "begin" and factor is None:
        request.session[BEGUN] = True
        return _page(request, user, secret=factors.begin_factor(user))
    if step == "codes" and factor is not None:
        return _page(request, user, codes=factors.make_recovery_codes(factor))
    if step == "remove" and factor is not None and not settings.ADMIN_NEEDS_SECOND_FACTOR:
        factors.remove_factor(user, user.get_username())
        request.session.pop(SHOWN, None)
        messages.success(request, "Your second factor is removed.")
        return HttpResponseRedirect(reverse("admin:index"))
    return _page(request, user)


def _confirm(request: HttpRequest, user: User) -> HttpResponseBase:
    factor = factors.confirm_factor(user, request.POST.get("code", ""))
    if factor is None:
        # Only who has just given the password sees it again.
        secret = factors.begun_secret(user) if request.session.get(BEGUN) else None
        return _page(request, user, secret=secret, error=WRONG_CODE)
    request.session.cycle_key()
    request.session.pop(BEGUN, None)
    request.session[SHOWN] = factor.pk
    return _page(request, user, codes=factors.make_recovery_codes(factor))


def _page(
    request: HttpRequest, user: User, *, secret: bytes | None = None, codes: list[str] | None = None, error: str = ""
) -> TemplateResponse:
    factor = factors.factor_of(user)
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": "Second factor",
        "error": error,
        "factor": factor,
        "left": factor.recovery_codes.count() if factor else 0,
        "needed": settings.ADMIN_NEEDS_SECOND_FACTOR,
        "codes": codes,
    }
    if secret is not None and factor is None:
        host = urlsplit(settings.ORIGIN).netloc
        context |= {
            "secret": totp.as_text(secret),
            "address": totp.as_address(secret, user.get_username(), f"talk2me {host}"),
        }
    return TemplateResponse(request, "operators/second_factor.html", context)


def limits_in_force(request: HttpRequest) -> TemplateResponse:
    """Show each limit and quota with its value; they are set in the environment and read at the start."""
    context = {
        **admin.site.each_context(request),
        "title": "Limits and quotas",
        "groups": settings_shown.groups(),
    }
    return TemplateResponse(request, "operators/limits.html", context)
