"""A chat server as the Channels tutorial builds it, with the databases and the Redis that ours has.

Only KEEP_CONNECTIONS is not in the tutorial: without it Django connects to PostgreSQL anew for each message.
"""

import os

import environ

env = environ.Env()
SECRET_KEY = "a peer that only a benchmark talks to"  # noqa: S105 - protects nothing
ALLOWED_HOSTS = ["127.0.0.1"]
INSTALLED_APPS = ["daphne", "channels", "benchmarks.tutorial_peer"]
ASGI_APPLICATION = "benchmarks.tutorial_peer.asgi.application"
DATABASES = {"default": env.db("DATABASE_URL")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }
elif env.bool("KEEP_CONNECTIONS", default=False):
    DATABASES["default"]["CONN_MAX_AGE"] = 60
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.core.RedisChannelLayer",
        "CONFIG": {"hosts": [os.environ["REDIS_URL"]]},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
