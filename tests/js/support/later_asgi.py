"""The product's own application on a server whose clock is `DAYS_LATER` days ahead."""

import datetime as dt
import os
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "talk2me.settings")
DAYS = int(os.environ["DAYS_LATER"])
SECONDS = DAYS * 86_400
clocks = time.time, time.time_ns
# What asks for the time by the module's name gets it from here; timers of the event loop have a clock of their own.
time.time = lambda: clocks[0]() + SECONDS
time.time_ns = lambda: clocks[1]() + SECONDS * 1_000_000_000

from keys import clock  # noqa: E402
from talk2me.asgi import application  # noqa: E402 - the clock first

now = clock.now
clock.now = lambda: now() + dt.timedelta(days=DAYS)

__all__ = ["application"]
