"""System checks: refuse to start with settings that would be unsafe or would not work."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

REGISTRATION_CHOICES = ("open", "invite", "closed")


@register()
def check_settings(**_kwargs: object) -> list[CheckMessage]:
    """Return an error for each setting that is out of its range."""
    found: list[CheckMessage] = []
    if settings.REGISTRATION not in REGISTRATION_CHOICES:
        found.append(Error("REGISTRATION must be open, invite or closed.", id="talk2me.E001"))
    found += [
        Error(f"{name} must have at least 32 characters; `make run` writes one into .env.", id="talk2me.E002")
        for name in ("SECRET_KEY", "FRANKING_KEY")
        if len(getattr(settings, name)) < 32
    ]
    if settings.SECRET_KEY == settings.FRANKING_KEY:
        found.append(Error("SECRET_KEY and FRANKING_KEY must differ.", id="talk2me.E003"))
    origin = urlsplit(settings.ORIGIN)
    if origin.scheme not in ("http", "https") or not origin.hostname or origin.path:
        found.append(Error("ORIGIN must look like https://chat.example, without a path.", id="talk2me.E004"))
    elif origin.scheme == "http" and origin.hostname not in ("127.0.0.1", "localhost", "::1"):
        # Browsers give WebCrypto to https pages and to this machine only.
        found.append(Error("ORIGIN must be https, except on this machine.", id="talk2me.E005"))
    if origin.hostname and not {origin.hostname, f"[{origin.hostname}]", "*"} & set(settings.ALLOWED_HOSTS):
        found.append(Error("ALLOWED_HOSTS must name the host of ORIGIN.", id="talk2me.E006"))
    if settings.TOKEN_SECONDS < 60:
        found.append(Error("TOKEN_SECONDS must be at least 60.", id="talk2me.E007"))
    return found
