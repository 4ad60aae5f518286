"""`manage.py jobs`: the periodic jobs for ever, for a server of several workers."""

import signal
import sys
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from talk2me.jobs import run_turn
from talk2me.jobs_metrics import serve_metrics


class Command(BaseCommand):
    """One beside the workers is enough; with more, one at a time acts."""

    help = "Run the periodic jobs every JOB_SECONDS until SIGTERM or Ctrl-C: clear away what has expired."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Run until a signal comes; a transaction that is open then is rolled back."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, _stop)
        serve_metrics(settings.JOBS_METRICS_ADDRESS)
        while not _Signal.came:
            run_turn()
            time.sleep(0 if _Signal.came else settings.JOB_SECONDS)


class _Signal:
    came = False


def _stop(_number: int, _frame: object) -> None:
    # In the middle of a statement the rollback may fail, and what it raises takes the place of this.
    _Signal.came = True
    sys.exit(0)
