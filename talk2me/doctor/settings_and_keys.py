"""What the settings alone tell."""

import stat
from collections.abc import Iterator
from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings

from talk2me.checks import OPTIONAL_SECRETS, SECRETS, check_settings
from talk2me.doctor.findings import Finding
from talk2me.redis import parse_redis_url

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
    yield from _outside()
    file = settings.BASE_DIR / ".env"
    if file.exists() and file.stat().st_mode & stat.S_IRWXO:
        yield Finding("env_readable", "Every user of this machine can read .env, with all keys.")
    yield from _redis()
    if settings.REGISTRATION == "open" and not settings.REGISTRATION_WORK and settings.ORIGIN.startswith("https://"):
        yield Finding("work_off", "Whoever likes makes accounts by the thousand: nothing is to be computed for one.")
    if not settings.PUSH_KEY:
        yield Finding("push_off", "There is no PUSH_KEY: nobody is notified while the page is closed.")


def _outside() -> Iterator[Finding]:
    if not settings.ORIGIN.startswith("https://"):
        yield Finding("origin_here", "ORIGIN is this machine: nobody else can use this server.")
    elif settings.SECURE_PROXY_SSL_HEADER is None:
        yield Finding("proxy_unnamed", "ORIGIN is https, and no proxy is named that ends TLS.")
    elif settings.TRUSTED_PROXIES == 0:
        yield Finding("proxies_uncounted", "A proxy ends TLS, and TRUSTED_PROXIES is 0: everybody has its address.")


def _redis() -> Iterator[Finding]:
    if not settings.REDIS_URL:
        return
    found = parse_redis_url(settings.REDIS_URL)
    hosts = [host for host, _ in found.hosts] or [urlsplit(found.url).hostname or ""]
    if not found.password and not all(map(is_this_machine, hosts)):
        yield Finding("redis_open", "REDIS_URL is on another machine, without a password: who reaches it can listen.")


def is_this_machine(host: str) -> bool:
    """Say whether a host of an address is this one; a socket in a folder has none."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host in ("", "localhost")
