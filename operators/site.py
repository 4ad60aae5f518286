"""The admin's site: who is let in, and the pages that belong to no table."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.auth.forms import UsernameField
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.crypto import salted_hmac
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect

from operators.receivers import SHOWN
from operators.roles import role_of
from operators.services.record_action import record_action
from operators.services.second_factor import factor_of
from operators.sign_in_form import SignInForm
from talk2me import limits
from talk2me.errors import RateLimited

View = Callable[..., HttpResponseBase]


class OperatorSite(AdminSite):
    site_header = site_title = "talk2me, for operators"
    index_title = "This server"
    login_form = SignInForm
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        """Let in operators who have shown the second factor that they have, or need none."""
        return super().has_permission(request) and self.lacks(request) is None

    def lacks(self, request: HttpRequest) -> str | None:
        """Return what an operator with a password lacks yet: `code`, `set_up`, or nothing."""
        if not isinstance(request.user, User):
            return None
        factor = factor_of(request.user)
        if factor is None:
            return "set_up" if settings.ADMIN_NEEDS_SECOND_FACTOR else None
        return None if request.session.get(SHOWN) == factor.pk else "code"

    def admin_view(self, view: View, cacheable: bool = False) -> Any:
        """Send who has to set up a second factor first to that page, whatever page was asked for."""
        inner: View = super().admin_view(view, cacheable)

        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if AdminSite.has_permission(self, request) and self.lacks(request) == "set_up":
                return HttpResponseRedirect(reverse("admin:second_factor"))
            try:
                return inner(request, *args, **kwargs)
            except PermissionDenied:
                return self.refused(request)

        return guarded

    def refused(self, request: HttpRequest) -> HttpResponse:
        """Return the page for who may not see or do what was asked for."""
        context = {**self.each_context(request), "title": "Not yours to do", "role": role_of(request.user)}  # type: ignore[arg-type]
        return TemplateResponse(request, "operators/refused.html", context, status=403)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Return our own pages before Django's."""
        from operators import views  # noqa: PLC0415 - it needs this site

        return [
            # Also for who is half signed in.
            path("logout/", self.logout, name="logout"),
            path("second_factor/", never_cache(csrf_protect(views.second_factor)), name="second_factor"),
            path("limits/", self.admin_view(views.limits_in_force), name="limits"),
            *super().get_urls(),
        ]

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Let operators in; how often one address, and how often anybody under one name, tries is limited."""
        if request.method == "POST":
            try:
                hit_limits(request, request.POST.get("username", ""))
            except RateLimited as error:
                return self.too_often(request, error)
        return super().login(request, extra_context)

    def too_often(self, request: HttpRequest, error: RateLimited) -> HttpResponse:
        """Return the page for who has tried too often."""
        seconds = error.retry_after or 1
        context = {"site_header": self.site_header, "title": "Too many attempts", "minutes": -(-seconds // 60)}
        page = TemplateResponse(request, "operators/too_often.html", context, status=error.status)
        page["Retry-After"] = str(seconds)
        return page

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Change one's own password, and record it; whoever sits at an open session does not try old ones for ever."""
        if request.method == "POST" and isinstance(request.user, User):
            try:
                hit_limits(request, request.user.get_username())
            except RateLimited as error:
                return self.too_often(request, error)
        answer = super().password_change(request, extra_context)
        if request.method == "POST" and isinstance(answer, HttpResponseRedirect) and isinstance(request.user, User):
            record_action(request.user.get_username(), "password changed", request.user)
        return answer

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """Show how the server is, above the tables."""
        from operators.front_page import front_page  # noqa: PLC0415 - it needs every table

        return super().index(request, front_page(request) | (extra_context or {}))


def hit_limits(request: HttpRequest, name: str) -> None:
    """Count an attempt for the address and for the name. Raises RateLimited."""
    meta = request.META
    limits.hit("admin", limits.address_key(meta.get("REMOTE_ADDR") or "", meta.get("HTTP_X_FORWARDED_FOR", "")))
    # Whoever has many addresses still has to guess for one name, whatever spaces and wide letters it is written with:
    # the form reads it so too. Neither is kept as it is.
    meant = UsernameField().to_python(name) or ""
    limits.hit("admin_name", salted_hmac("talk2me.operators.name", meant, algorithm="sha256").digest()[:16])
