"""The security headers. Each was tried in real browsers; tests/e2e/test_headers.py shows what they stop."""

from functools import cache

from django.conf import settings

from talk2me import shell

COMMON = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
PERMISSIONS_OFF = (
    "accelerometer", "autoplay", "browsing-topics", "display-capture", "encrypted-media", "fullscreen", "geolocation",
    "gyroscope", "hid", "idle-detection", "local-fonts", "magnetometer", "midi", "payment", "serial", "usb",
    "xr-spatial-tracking",
)  # fmt: skip


def _policy(directives: dict[str, str]) -> str:
    return "; ".join(f"{name} {value}".strip() for name, value in directives.items())


def _only_by_tls() -> dict[str, str]:
    """Return what tells browsers to come by https alone from now on; nothing where ORIGIN is not https."""
    seconds = settings.SECURE_HSTS_SECONDS
    return {"Strict-Transport-Security": f"max-age={seconds}"} if seconds else {}


@cache
def for_app() -> dict[str, str]:
    """Return the headers of the shell, its files and the API."""
    content = {
        "default-src": "'none'",
        "script-src": f"'self' '{shell.import_map_hash()}'",
        "style-src": "'self'",
        "img-src": "'self' blob: data:",
        "media-src": "'self' blob:",
        "font-src": "'self'",
        "connect-src": "'self'",
        "worker-src": "'self'",
        "manifest-src": "'self'",
        "frame-src": "'none'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "object-src": "'none'",
        "require-trusted-types-for": "'script'",
        # One policy, for the one script address that is made from a string: the service worker's.
        "trusted-types": "talk2me-service-worker",
    }
    permissions = ", ".join([*(f"{name}=()" for name in PERMISSIONS_OFF), "camera=(self)", "microphone=(self)"])
    return (
        COMMON
        | _only_by_tls()
        | {
            "Content-Security-Policy": _policy(content),
            "Integrity-Policy": "blocked-destinations=(script)",
            "Cross-Origin-Embedder-Policy": "require-corp",
            "Permissions-Policy": permissions,
        }
    )


def of_path(path: str) -> dict[str, str]:
    """Return the headers of an answer for `path`.

    Policies matter where there is a document; beside each of the many modules they would be most of the first visit.
    """
    if path.startswith("/admin/"):
        return for_admin()
    # WEBCAT wants to see the policy beside everything.
    if path.startswith(settings.STATIC_URL) and path.endswith((".js", ".css")) and not settings.WEBCAT_DIR:
        return COMMON
    return for_app()


@cache
def for_admin() -> dict[str, str]:
    """Return the headers of the admin: Django's own pages, which use no inline script."""
    content = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "connect-src": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
    }
    # Without any referrer a browser sends "Origin: null" with a form, and Django's CSRF check refuses it.
    return (
        COMMON
        | _only_by_tls()
        | {
            "Content-Security-Policy": _policy(content),
            "Referrer-Policy": "same-origin",
            "Cache-Control": "no-store",
        }
    )
