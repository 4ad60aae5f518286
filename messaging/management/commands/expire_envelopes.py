"""`manage.py expire_envelopes`: clear away what has expired and what everyone has acknowledged."""

import asyncio
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from messaging import jobs, threads


class Command(BaseCommand):
    """Runs beside the server; works in small transactions."""

    help = "Delete expired and acknowledged envelopes, every JOB_SECONDS, or once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take `--once`."""
        parser.add_argument("--once", action="store_true", help="end when everything due has been cleared away")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Run the job."""
        asyncio.run(jobs.expire_all() if options["once"] else jobs.run_expiry(settings.JOB_SECONDS))
        threads.close_connections()
