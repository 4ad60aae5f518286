"""Python imports this first where this folder is on PYTHONPATH: the wall clock then goes as the test says.

The file `$SHIFTED_CLOCK/<process id>`, or `$SHIFTED_CLOCK/everyone`, holds by how many seconds it is wrong. The
monotonic clock stays as it is, as it does when a real clock jumps. No product code knows of it.
"""

import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import keys.clock

FOLDER = Path(os.environ["SHIFTED_CLOCK"])
_true_time, _true_time_ns = time.time, time.time_ns


def _shift() -> int:
    for name in (str(os.getpid()), "everyone"):
        try:
            return int((FOLDER / name).read_text() or 0)
        except FileNotFoundError:
            continue
    return 0


def _now() -> datetime:
    return datetime.now(UTC) + timedelta(seconds=_shift())


time.time = lambda: _true_time() + _shift()
time.time_ns = lambda: _true_time_ns() + _shift() * 1_000_000_000
keys.clock.now = _now
