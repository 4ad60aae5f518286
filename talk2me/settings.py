"""All settings. Each comes from the environment or from the file `.env`; README.md lists them in one table."""

from pathlib import Path

import environ

from talk2me import built_page
from talk2me.redis import parse_redis_url
from talk2me.release import release_id

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
env.read_env(BASE_DIR / ".env")

# --- what this server is ---------------------------------------------------------------------------------------------
SECRET_KEY = env.str("SECRET_KEY")
FRANKING_KEY = env.str("FRANKING_KEY")
KEYLOG_KEY = env.str("KEYLOG_KEY")
# Without it nothing is pushed.
PUSH_KEY = env.str("PUSH_KEY", default="")
DEBUG = env.bool("DEBUG", default=False)
ORIGIN = env.str("ORIGIN", default="http://127.0.0.1:8000").rstrip("/")
VERSION = (BASE_DIR / "CHANGELOG.md").read_text().split("## ", 2)[1].split()[0]
REGISTRATION = env.str("REGISTRATION", default="open")
# How many people one account may invite, and how many tries at most it takes a browser to sign up where that is open.
REGISTRATION_INVITES = env.int("REGISTRATION_INVITES", default=0)
REGISTRATION_WORK = env.int("REGISTRATION_WORK", default=3000)
# A provider of OpenID Connect that says who may sign up where codes are needed; how many accounts each may make.
OIDC_ISSUER = env.str("OIDC_ISSUER", default="")
OIDC_CLIENT_ID = env.str("OIDC_CLIENT_ID", default="")
OIDC_CLIENT_SECRET = env.str("OIDC_CLIENT_SECRET", default="")
OIDC_NAME = env.str("OIDC_NAME", default="")
OIDC_ACCOUNTS = env.int("OIDC_ACCOUNTS", default=1)
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var")))

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
# The proxy that ends TLS says so in this header; only trust it when there is such a proxy.
if env.bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)

# --- whose key logs this server witnesses, and who witnesses its own (docs/operations.md) ----------------------------
KEYLOG_WITNESSED_LOGS = env.str("KEYLOG_WITNESSED_LOGS", default="")
KEYLOG_WITNESSES = env.str("KEYLOG_WITNESSES", default="")

# --- limits ----------------------------------------------------------------------------------------------------------
TOKEN_SECONDS = env.int("TOKEN_SECONDS", default=3600)
ENVELOPE_DAYS = env.int("ENVELOPE_DAYS", default=30)
MAILBOX_QUOTA_BYTES = env.int("MAILBOX_QUOTA_BYTES", default=256 * 1024 * 1024)
ARCHIVE_QUOTA_BYTES = env.int("ARCHIVE_QUOTA_BYTES", default=2 * 1024 * 1024 * 1024)
# An archive is its account's own: it counts, and leaves room for conversations.
ACCOUNT_QUOTA_BYTES = env.int("ACCOUNT_QUOTA_BYTES", default=3 * 1024 * 1024 * 1024)
# Of a file of 100 MiB: it is padded and sealed before it comes.
ATTACHMENT_MAX_BYTES = env.int("ATTACHMENT_MAX_BYTES", default=104 * 1024 * 1024)
ATTACHMENT_QUOTA_BYTES = env.int("ATTACHMENT_QUOTA_BYTES", default=2 * 1024 * 1024 * 1024)
ATTACHMENT_PART_BYTES = env.int("ATTACHMENT_PART_BYTES", default=1024 * 1024)
ATTACHMENT_DAYS = env.int("ATTACHMENT_DAYS", default=30)
# How often expired and acknowledged envelopes are cleared away.
JOB_SECONDS = env.int("JOB_SECONDS", default=60)
# "100/minute" in the notation of the `limits` library; an empty text switches a limit off.
RATE_LIMITS = {
    # Signing up takes two where work is wanted.
    "accounts": env.str("RATE_ACCOUNTS", default="20/hour"),
    # Events of account chains that come from one address: revoking several devices takes one for each.
    "events": env.str("RATE_EVENTS", default="60/hour"),
    "sign_in": env.str("RATE_SIGN_IN", default="60/minute"),
    # Reading and writing in link boxes.
    "link": env.str("RATE_LINK", default="300/minute"),
    # Proofs of a recovery key, and codes to start over, that one address tries.
    "recovery": env.str("RATE_RECOVERY", default="20/hour"),
    "lookup": env.str("RATE_LOOKUP", default="60/hour"),
    "claim": env.str("RATE_CLAIM", default="120/hour"),
    # How often one account may claim from one other.
    "claim_pair": env.str("RATE_CLAIM_PAIR", default="20/hour"),
    # How many accounts, and how often one other, one account may add to conversations.
    "add": env.str("RATE_ADD", default="120/hour"),
    "add_pair": env.str("RATE_ADD_PAIR", default="20/hour"),
    # Reports of abuse by one account, those that prove nothing included.
    "report": env.str("RATE_REPORT", default="20/day"),
    # How often one account asks what the server knows of it, or wants to be deleted.
    "known": env.str("RATE_KNOWN", default="60/hour"),
    "api": env.str("RATE_API", default="600/minute"),
    # Passwords of operators that one address tries, and that anybody tries for one operator.
    "admin": env.str("RATE_ADMIN", default="10/minute"),
    "admin_name": env.str("RATE_ADMIN_NAME", default="30/hour"),
    # KiB that one account may have stored.
    "stored": env.str("RATE_STORED", default="262144/hour"),
    # KiB of attachments that one account may send, and fetch.
    "upload": env.str("RATE_UPLOAD", default="2097152/hour"),
    "download": env.str("RATE_DOWNLOAD", default="16777216/hour"),
    # What one device may send to one worker; all of it may come at once. Bytes are KiB.
    "frames": env.str("RATE_FRAMES", default="6000/minute"),
    "envelopes": env.str("RATE_ENVELOPES", default="3000/minute"),
    "bytes": env.str("RATE_BYTES", default="131072/minute"),
}
# How many sockets one address may have on one worker, and a quarter of them before they have said who they are; 0 for
# as many as it likes. This machine's own address is never counted: a proxy may be behind it.
SOCKETS_PER_ADDRESS = env.int("SOCKETS_PER_ADDRESS", default=200)

# --- Django ----------------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "keys",
    "messaging",
    "talk2me",
    "operators",
    "channels",
    "operators.admin_config.OperatorsAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "talk2me.middleware.CountRequests",
    "talk2me.middleware.SecurityHeaders",
    "talk2me.middleware.CanonicalOrigin",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
ROOT_URLCONF = "talk2me.urls"
ASGI_APPLICATION = "talk2me.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'talk2me.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # One writer at a time, taken at BEGIN: a read that later wants to write can't deadlock.
    # FULL: accepted means durable. What is deleted is overwritten, instead of staying until something needs the place.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
        " PRAGMA secure_delete=ON;",
    }
    DATABASES["default"]["TEST"] = {"NAME": DATA_DIR / "test.sqlite3"}
else:
    # A host that is gone shall be noticed while browsers still wait: when it is called (seconds), while it takes
    # nothing (milliseconds), and while it owes an answer. Else the system would wait for a quarter of an hour.
    noticed = {"connect_timeout": 5, "tcp_user_timeout": 10_000}
    noticed |= {"keepalives_idle": 5, "keepalives_interval": 5, "keepalives_count": 2}
    DATABASES["default"]["OPTIONS"] = noticed | DATABASES["default"].get("OPTIONS", {})
    # Each request has a thread of its own, so nobody would find a connection again that outlives it.
    DATABASES["default"]["CONN_MAX_AGE"] = 0

# How many workers `make cluster` starts, and the port of this machine that it serves.
WORKERS = env.int("WORKERS", default=2)
CLUSTER_PORT = env.int("CLUSTER_PORT", default=8443)
ASGI_SERVER = env.str("ASGI_SERVER", default="daphne")
REDIS_URL = env.str("REDIS_URL", default="")
CHANNEL_LAYERS = {
    "default": (
        {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {"hosts": parse_redis_url(REDIS_URL).layer_hosts(), "prefix": "talk2me"},
        }
        if REDIS_URL
        else {"BACKEND": "channels.layers.InMemoryChannelLayer"}
    )
}
# How often the sockets of a worker are compared with the database, beside what wake-ups tell.
WAKEUP_CHECK_SECONDS = env.int("WAKEUP_CHECK_SECONDS", default=10)
# How long a device may take to fetch an envelope before it is told by push.
PUSH_AFTER_SECONDS = env.int("PUSH_AFTER_SECONDS", default=5)
# Origins of push services of the tests, on this machine; refused on a server for others.
PUSH_TEST_ENDPOINTS = env.list("PUSH_TEST_ENDPOINTS", default=[])

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE = "en"
USE_I18N = True
TIME_ZONE = "UTC"
USE_TZ = True

# What browsers load: `built`, by `npm run page`, or `sources`, the modules in static/ one by one, for who changes them.
PAGE = env.str("PAGE", default="built")
PAGE_DIR = BASE_DIR / "static" if PAGE == "sources" else built_page.FOLDER
# Of the admin's pages; no page of the app names them.
OPERATORS_DIR = BASE_DIR / "static/operators"
STATICFILES_DIRS = [PAGE_DIR, *([("operators", OPERATORS_DIR)] if PAGE == "built" else [])]
# The release is part of the path, so files can be cached for ever and no name inside a file is rewritten.
# A browser keeps the page with its headers until there is another release: so what makes these counts as well.
OF_THE_PAGE = [BASE_DIR / "talk2me" / name for name in ("shell.py", "security_headers.py")]
RELEASE = release_id(PAGE_DIR, OPERATORS_DIR, BASE_DIR / "templates", *OF_THE_PAGE)
STATIC_ROOT = DATA_DIR / "static" / RELEASE
STATIC_URL = f"/static/{RELEASE}/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
    "attachments": {
        "BACKEND": "messaging.part_storage.PartStorage",
        "OPTIONS": {"location": DATA_DIR / "attachments", "allow_overwrite": True},
    },
}
# Where the parts of attachments are: `files` in DATA_DIR, or `s3`, an object store that several hosts share.
ATTACHMENT_STORAGE = env.str("ATTACHMENT_STORAGE", default="files")
ATTACHMENT_BUCKET = env.str("ATTACHMENT_BUCKET", default="")
ATTACHMENT_ENDPOINT = env.str("ATTACHMENT_ENDPOINT", default="")
ATTACHMENT_REGION = env.str("ATTACHMENT_REGION", default="")
ATTACHMENT_ACCESS_KEY = env.str("ATTACHMENT_ACCESS_KEY", default="")
ATTACHMENT_SECRET_KEY = env.str("ATTACHMENT_SECRET_KEY", default="")
if ATTACHMENT_STORAGE == "s3":
    STORAGES["attachments"] = {
        "BACKEND": "messaging.s3_storage.S3PartStorage",
        # What is empty is left to the library: an address of Amazon's, keys of the machine's role.
        "OPTIONS": {
            "bucket_name": ATTACHMENT_BUCKET,
            "endpoint_url": ATTACHMENT_ENDPOINT or None,
            "region_name": ATTACHMENT_REGION or None,
            "access_key": ATTACHMENT_ACCESS_KEY or None,
            "secret_key": ATTACHMENT_SECRET_KEY or None,
        },
    }
# Where the files are that webcat-cli has made for this release; empty: WEBCAT is off (docs/code_integrity.md).
WEBCAT_DIR = env.str("WEBCAT_DIR", default="")
# Whom to write to who has found a hole in this server: told in /.well-known/security.txt (RFC 9116), if it is set.
SECURITY_CONTACT = env.str("SECURITY_CONTACT", default="")
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_MIMETYPES = {".webmanifest": "application/manifest+json"}
# Those of neighbouring releases too (talk2me/static_files.py).
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/[0-9a-f]{16}/"

# --- operators: what the admin asks of them, and the browser security of its session ---------------------------------
ADMIN_NEEDS_SECOND_FACTOR = env.bool("ADMIN_NEEDS_SECOND_FACTOR", default=False)
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SESSION_COOKIE_AGE = 12 * 3600
FORMAT_MODULE_PATH = "operators.formats"
LOGOUT_REDIRECT_URL = "/admin/login/"
SECURE_COOKIES = ORIGIN.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_COOKIES
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = "/admin/"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Strict"
CSRF_TRUSTED_ORIGINS = [ORIGIN]
X_FRAME_OPTIONS = "DENY"
if SECURE_COOKIES:
    SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=365 * 24 * 3600)
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# --- operations ------------------------------------------------------------------------------------------------------
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
JOBS_METRICS_ADDRESS = env.str("JOBS_METRICS_ADDRESS", default="")

# --- logs: one line an event, no address, no id of a person ----------------------------------------------------------
LOG_FORMAT = env.str("LOG_FORMAT", default="line")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "talk2me.logs.PrivateFormatter"},
        "json": {"()": "talk2me.logs.JsonFormatter"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "json" if LOG_FORMAT == "json" else "line"}
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        # Each of these writes a line with the client's address for every request or socket.
        "daphne": {"level": "WARNING"},
        "uvicorn": {"level": "WARNING"},
        "websockets": {"level": "WARNING"},
        # While Redis is gone it would say so with each attempt; we say it once (messaging/wakeups.py).
        "channels_redis": {"level": "CRITICAL"},
        "django.channels.server": {"level": "ERROR"},
        "django.request": {"level": "ERROR"},
    },
}
