"""The way to the identity provider and back (docs/wire_format.md 2): pages of the browser's, not calls of our code.

The cookie ties the two together, lives ten minutes, goes to these two addresses alone and names nobody.
"""

import hmac
import secrets
from collections.abc import Callable
from dataclasses import asdict

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from keys import oidc, services
from keys.api import client_address
from keys.oidc import Attempt
from talk2me import limits
from talk2me.errors import GateRefused, NotFound, Talk2meError

COOKIE, PATH, SECONDS, SALT = "talk2me_gate", "/api/gate/", 600, "keys.gate_views"


def _page(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Lead back to our page whatever happens, with a code or an error behind #, where no log has it."""

    @require_safe
    def page(request: HttpRequest) -> HttpResponse:
        try:
            if oidc.provider_name() is None:
                raise NotFound
            limits.hit("sign_in", client_address(request))
            response = view(request)
        except Talk2meError as error:
            response = HttpResponseRedirect(f"{settings.ORIGIN}/#e={error.code}")
        response["Cache-Control"] = "no-store"
        return response

    return page


@_page
def start(_request: HttpRequest) -> HttpResponse:
    """Send the browser to the provider."""
    attempt = Attempt(*(secrets.token_urlsafe(32) for _ in range(3)))
    response = HttpResponseRedirect(oidc.authorization_url(attempt))
    response.set_cookie(
        COOKIE,
        signing.dumps(asdict(attempt), salt=SALT),
        max_age=SECONDS,
        path=PATH,
        secure=settings.SECURE_COOKIES,
        httponly=True,
        # It has to come along when the provider leads back here.
        samesite="Lax",
    )
    return response


@_page
def callback(request: HttpRequest) -> HttpResponse:
    """Take the browser back: with a registration code, for the page alone."""
    attempt = _attempt(request)
    if not hmac.compare_digest(request.GET.get("state", "").encode(), attempt.state.encode()):
        raise GateRefused
    # RFC 9207: a provider that says who it is must be ours.
    if request.GET.get("iss", settings.OIDC_ISSUER) != settings.OIDC_ISSUER or not request.GET.get("code"):
        raise GateRefused
    code = services.pass_gate(oidc.person_of(request.GET["code"], attempt))
    response = HttpResponseRedirect(services.registration_link(code))
    response.delete_cookie(COOKIE, path=PATH, samesite="Lax")
    return response


def _attempt(request: HttpRequest) -> Attempt:
    try:
        return Attempt(**signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=SECONDS))
    except (signing.BadSignature, TypeError) as error:
        raise GateRefused from error
