"""`manage.py create_registration_code`: codes for REGISTRATION=invite."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from keys.services import create_registration_code


class Command(BaseCommand):
    help = "Print codes that each make one account. They are shown now and never again; only their hashes are kept."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How many, and for how long."""
        parser.add_argument("--count", type=int, default=1, help="how many codes (1)")
        parser.add_argument("--days", type=int, default=14, help="days until they expire (14)")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print one code a line."""
        count, days = options["count"], options["days"]
        if not 1 <= count <= 1000 or not 1 <= days <= 365:
            raise CommandError("--count goes from 1 to 1000, --days from 1 to 365.")
        for _ in range(count):
            self.stdout.write(create_registration_code(days))
