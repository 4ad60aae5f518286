"""What the settings alone tell."""

from collections.abc import Iterator

from django.conf import settings

from talk2me.checks import OPTIONAL_SECRETS, SECRETS, check_settings
from talk2me.doctor.findings import Finding

# 32 random bytes as hexadecimal digits have all 16, or hardly one less.
FEWEST_CHARACTERS = 10


def look_at_settings() -> Iterator[Finding]:
    """Give what is wrong, or less than good, whoever runs this."""
    for error in check_settings():
        yield Finding("settings_wrong", f"{error.msg} ({error.id})")
    if settings.DEBUG:
        yield Finding("debug_on", "DEBUG is on: errors show the server's inside to everybody.")
    for name in (*SECRETS, *OPTIONAL_SECRETS):
        value = getattr(settings, name)
        if len(value) >= 32 and len(set(value)) < FEWEST_CHARACTERS:
            yield Finding("key_weak", f"{name} can be guessed: it is made of very few different characters.")
    if "*" in settings.ALLOWED_HOSTS:
        yield Finding("hosts_any", "ALLOWED_HOSTS takes every name.")
    if not settings.ORIGIN.startswith("https://"):
        yield Finding("origin_here", "ORIGIN is this machine: nobody else can use this server.")
    elif settings.SECURE_PROXY_SSL_HEADER is None:
        yield Finding("proxy_unnamed", "ORIGIN is https, and no proxy is named that ends TLS.")
    if not settings.PUSH_KEY:
        yield Finding("push_off", "There is no PUSH_KEY: nobody is notified while the page is closed.")
