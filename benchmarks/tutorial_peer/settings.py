"""A chat server as the Channels tutorial builds it, with the database and the layer of our default set-up."""

import os

SECRET_KEY = "a peer that only a benchmark talks to"  # noqa: S105 - protects nothing
ALLOWED_HOSTS = ["127.0.0.1"]
INSTALLED_APPS = ["daphne", "channels", "benchmarks.tutorial_peer"]
ASGI_APPLICATION = "benchmarks.tutorial_peer.asgi.application"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": os.environ["DATA_DIR"] + "/tutorial.sqlite3",
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        },
    }
}
CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
