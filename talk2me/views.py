"""The pages and answers that belong to no app: the shell, what this server is, and errors without details."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from keys import log_key, oidc
from talk2me import manifest, metrics
from talk2me import shell as static_shell
from talk2me.errors import BadRequest, Internal, NotFound, Talk2meError

SECURITY_TXT_HOLDS = timedelta(days=30)


@require_safe
def shell(request: HttpRequest) -> HttpResponse:
    """Serve the shell; never cached, so that a new release arrives with the next load."""
    body, encoding = static_shell.encoded_page(request.headers.get("Accept-Encoding", ""))
    headers = {"Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
    return HttpResponse(body, headers=headers | ({"Content-Encoding": encoding} if encoding else {}))


@require_safe
def service_worker(_request: HttpRequest) -> HttpResponse:
    """Serve the service worker at the root, where it may show notices for every page."""
    headers = {"Cache-Control": "no-cache"}
    return HttpResponse(static_shell.service_worker(), content_type="text/javascript", headers=headers)


@require_safe
def server(_request: HttpRequest) -> JsonResponse:
    """Say what a browser needs to know before it has an account (docs/wire_format.md 2)."""
    return JsonResponse(
        {
            "origin": settings.ORIGIN,
            "version": settings.VERSION,
            "manifest": manifest.digest(),
            "registration": settings.REGISTRATION,
            "invites": settings.REGISTRATION_INVITES if settings.REGISTRATION != "closed" else 0,
            "gate": oidc.provider_name(),
            "limits": {
                "envelope": 256 * 1024,
                "vault": 1024 * 1024,
                "key_packages": 100,
                "attachment": settings.ATTACHMENT_MAX_BYTES,
            },
            "token_seconds": settings.TOKEN_SECONDS,
            "key_log": log_key.vkey(),
            "key_log_witness": log_key.witness_vkey(),
        }
    )


@require_safe
def security_txt(_request: HttpRequest) -> HttpResponse:
    """Say whom to tell of a hole in this server (RFC 9116); `not_found` where its operator names nobody."""
    if not settings.SECURITY_CONTACT:
        return error_answer(NotFound())
    # Good for as long as somebody answers it at all: asked again, it says a later day.
    expires = (timezone.now() + SECURITY_TXT_HOLDS).strftime("%Y-%m-%dT00:00:00Z")
    lines = [f"Contact: {settings.SECURITY_CONTACT}", f"Expires: {expires}"]
    lines.append(f"Canonical: {settings.ORIGIN}/.well-known/security.txt")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def error_answer(error: Talk2meError) -> JsonResponse:
    """Return the JSON answer for an error; `Retry-After` too where it has one."""
    metrics.errors.labels(error.code).inc()
    headers = {"Retry-After": str(error.retry_after)} if error.retry_after is not None else None
    return JsonResponse(error.as_fields(), status=error.status, headers=headers)


def bad_request(_request: HttpRequest, exception: Exception | None = None) -> JsonResponse:  # noqa: ARG001 - Django's form
    """Answer whatever Django itself refused."""
    return error_answer(BadRequest())


def not_found(_request: HttpRequest, exception: Exception | None = None) -> JsonResponse:  # noqa: ARG001 - Django's form
    """Answer an unknown path."""
    return error_answer(NotFound())


def internal(_request: HttpRequest) -> JsonResponse:
    """Answer what we did not foresee; the details are in the log."""
    return error_answer(Internal())
