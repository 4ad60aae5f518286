"""System checks: refuse to start with settings that would be unsafe or would not work."""

import re
from importlib.util import find_spec
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.checks import Warning as CheckWarning
from limits import parse

from keys import log_key, oidc, witness_settings
from talk2me import built_page, webcat
from talk2me.bounds import LARGEST_BODY
from talk2me.server import SERVERS

SECRETS = ("SECRET_KEY", "FRANKING_KEY", "KEYLOG_KEY")
# One line, as RFC 9116 has it.
SECURITY_CONTACT = re.compile(r"(mailto:|https://)[!-~]{3,500}")
# As in static/js/protocol/proof_of_work.js.
MOST_WORK = 200_000
# May be left out, and then something is off.
OPTIONAL_SECRETS = ("PUSH_KEY",)
REGISTRATION_CHOICES = ("open", "invite", "closed")
# Of a mailbox as much as one commit, or no group could begin.
SMALLEST = {
    "TOKEN_SECONDS": 60,
    "ENVELOPE_DAYS": 1,
    "JOB_SECONDS": 1,
    "MAILBOX_QUOTA_BYTES": 2 * 1024 * 1024,
    "ARCHIVE_QUOTA_BYTES": 2 * 1024 * 1024,
    "ACCOUNT_QUOTA_BYTES": 2 * 1024 * 1024,
    "ATTACHMENT_MAX_BYTES": 1024 * 1024,
    "ATTACHMENT_QUOTA_BYTES": 1024 * 1024,
    "ATTACHMENT_PART_BYTES": 64 * 1024,
    "ATTACHMENT_DAYS": 1,
    "TRUSTED_PROXIES": 0,
    "WORKERS": 1,
    "SOCKETS_PER_ADDRESS": 0,
    "WAKEUP_CHECK_SECONDS": 1,
    "PUSH_AFTER_SECONDS": 0,
    "REGISTRATION_INVITES": 0,
    "REGISTRATION_WORK": 0,
    "OIDC_ACCOUNTS": 1,
}


@register()
def check_settings(**_kwargs: object) -> list[CheckMessage]:
    """Return an error for each setting that is out of its range."""
    found: list[CheckMessage] = []
    if settings.REGISTRATION not in REGISTRATION_CHOICES:
        found.append(Error("REGISTRATION must be open, invite or closed.", id="talk2me.E001"))
    present = [*SECRETS, *(name for name in OPTIONAL_SECRETS if getattr(settings, name))]
    found += [
        Error(f"{name} must have at least 32 characters; `make run` writes one into .env.", id="talk2me.E002")
        for name in present
        if len(getattr(settings, name)) < 32
    ]
    if len({getattr(settings, name) for name in present}) < len(present):
        found.append(Error(f"{', '.join(present)} must all differ.", id="talk2me.E003"))
    origin = urlsplit(settings.ORIGIN)
    if origin.scheme not in ("http", "https") or not origin.hostname or origin.path:
        found.append(Error("ORIGIN must look like https://chat.example, without a path.", id="talk2me.E004"))
    elif origin.scheme == "http" and origin.hostname not in ("127.0.0.1", "localhost", "::1"):
        # Browsers give WebCrypto to https pages and to this machine only.
        found.append(Error("ORIGIN must be https, except on this machine.", id="talk2me.E005"))
    if origin.hostname and not {origin.hostname, f"[{origin.hostname}]", "*"} & set(settings.ALLOWED_HOSTS):
        found.append(Error("ALLOWED_HOSTS must name the host of ORIGIN.", id="talk2me.E006"))
    found += [
        Error(f"{name} must be at least {least}.", id="talk2me.E007")
        for name, least in SMALLEST.items()
        if getattr(settings, name) < least
    ]
    found += [
        Error(f"RATE_{name.upper()} must look like 100/minute, or be empty.", id="talk2me.E008")
        for name, notation in settings.RATE_LIMITS.items()
        if notation and not _is_rate(notation)
    ]
    if origin.hostname and _as_browsers_write(origin) != settings.ORIGIN:
        found.append(
            Error(f"ORIGIN must be written as browsers do: {_as_browsers_write(origin)}", id="talk2me.E009"),
        )
    if settings.ASGI_SERVER not in SERVERS:
        found.append(Error(f"ASGI_SERVER must be one of {', '.join(SERVERS)}.", id="talk2me.E011"))
    if settings.DEBUG and origin.scheme == "https":
        found.append(Error("DEBUG shows everybody the server's settings: not on a server of https.", id="talk2me.E010"))
    if settings.PUSH_TEST_ENDPOINTS and origin.scheme == "https":
        found.append(Error("PUSH_TEST_ENDPOINTS is for tests: not on a server of https.", id="talk2me.E016"))
    parts = (_check_letting_in, _check_witnesses, _check_attachments, _check_operations, _check_page, _check_webcat)
    return found + [problem for part in parts for problem in part()]


def _check_letting_in() -> list[CheckMessage]:
    found: list[CheckMessage] = []
    if settings.REGISTRATION_WORK > MOST_WORK:
        found.append(Error(f"REGISTRATION_WORK must be at most {MOST_WORK}: no browser does more.", id="talk2me.E033"))
    if not settings.OIDC_ISSUER:
        return found
    if not oidc.is_allowed(settings.OIDC_ISSUER) or urlsplit(settings.OIDC_ISSUER).query or "#" in settings.OIDC_ISSUER:
        words = "OIDC_ISSUER must be the address by https that the provider calls its issuer."
        found.append(Error(words, id="talk2me.E030"))
    if not settings.OIDC_CLIENT_ID:
        found.append(Error("OIDC_ISSUER needs OIDC_CLIENT_ID, which the provider gives out.", id="talk2me.E031"))
    if settings.REGISTRATION == "open":
        found.append(Error("OIDC_ISSUER needs REGISTRATION=invite: else it keeps nobody out.", id="talk2me.E032"))
    return found


def _check_witnesses() -> list[CheckMessage]:
    found: list[CheckMessage] = []
    try:
        own = log_key.signer().name in witness_settings.witnessed_logs()
    except ValueError:
        found.append(Error("KEYLOG_WITNESSED_LOGS must be verifier keys of logs, spaces between.", id="talk2me.E014"))
    else:
        if own:
            found.append(Error("KEYLOG_WITNESSED_LOGS must not name this server's own log.", id="talk2me.E014"))
    try:
        own = log_key.cosigner().witness in [one.witness for one in witness_settings.witnesses()]
    except ValueError:
        words = "KEYLOG_WITNESSES must be <verifier key>=https://..., at most 16 with spaces between, each name once."
        found.append(Error(words, id="talk2me.E015"))
    else:
        if own:
            found.append(Error("KEYLOG_WITNESSES must not name this server itself.", id="talk2me.E015"))
    return found


def _check_attachments() -> list[CheckMessage]:
    found: list[CheckMessage] = []
    if settings.ATTACHMENT_PART_BYTES > LARGEST_BODY:
        # No server here takes a larger body.
        found.append(Error(f"ATTACHMENT_PART_BYTES must be at most {LARGEST_BODY}.", id="talk2me.E017"))
    if settings.ATTACHMENT_STORAGE not in ("files", "s3"):
        found.append(Error("ATTACHMENT_STORAGE must be files or s3.", id="talk2me.E018"))
    elif settings.ATTACHMENT_STORAGE == "s3" and not settings.ATTACHMENT_BUCKET:
        found.append(Error("ATTACHMENT_STORAGE=s3 needs ATTACHMENT_BUCKET.", id="talk2me.E019"))
    elif settings.ATTACHMENT_STORAGE == "s3" and find_spec("storages") is None:
        found.append(Error("ATTACHMENT_STORAGE=s3 needs what requirements-s3.txt lists.", id="talk2me.E020"))
    return found


def _check_operations() -> list[CheckMessage]:
    found: list[CheckMessage] = []
    if settings.METRICS_TOKEN and len(settings.METRICS_TOKEN) < 32:
        found.append(Error("METRICS_TOKEN must have at least 32 characters, or be empty.", id="talk2me.E012"))
    if settings.SECURITY_CONTACT and not SECURITY_CONTACT.fullmatch(settings.SECURITY_CONTACT):
        found.append(Error("SECURITY_CONTACT must begin with mailto: or https://, or be empty.", id="talk2me.E034"))
    if settings.LOG_FORMAT not in ("line", "json"):
        found.append(Error("LOG_FORMAT must be line or json.", id="talk2me.E013"))
    return found


def _check_page() -> list[CheckMessage]:
    if settings.PAGE not in ("built", "sources"):
        return [Error("PAGE must be built or sources.", id="talk2me.E023")]
    if not settings.PAGE_DIR.exists():
        return [Error("The page is not built: `make run` does it, as does `npm run page`.", id="talk2me.E024")]
    if settings.PAGE == "built" and not built_page.is_current():
        return [CheckWarning("The page was built of other sources than these: `npm run page`.", id="talk2me.W001")]
    return []


def _check_webcat() -> list[CheckMessage]:
    folder = webcat.folder()
    if folder is None:
        return []
    missing = [name for name in webcat.NEEDED if not (folder / name).is_file()]
    if missing:
        return [Error(f"WEBCAT_DIR must have {' and '.join(missing)}.", id="talk2me.E021")]
    if not webcat.is_of_this_release((folder / "bundle.json").read_bytes()):
        words = "bundle.json in WEBCAT_DIR is not of this release: browsers with the extension would open nothing."
        return [Error(words, id="talk2me.E022")]
    return []


def _is_rate(notation: str) -> bool:
    try:
        parse(notation)
    except ValueError:
        return False
    return True


def _as_browsers_write(origin: SplitResult) -> str:
    """Return the origin in small letters, without a port that its scheme has anyway: else nothing ever equals it."""
    try:
        port = origin.port
    except ValueError:
        port = None
    host = f"[{origin.hostname}]" if ":" in (origin.hostname or "") else origin.hostname
    usual = {"http": 80, "https": 443}.get(origin.scheme)
    return f"{origin.scheme}://{host}" + ("" if port in (None, usual) else f":{port}")
