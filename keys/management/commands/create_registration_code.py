"""`manage.py create_registration_code`: codes for REGISTRATION=invite."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from keys.services import create_registration_code, registration_link


class Command(BaseCommand):
    help = "Print codes that let people in. They are shown now and never again; only their hashes are kept."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How many, for how long, for how many people, and how they are written."""
        parser.add_argument("--count", type=int, default=1, help="how many codes (1)")
        parser.add_argument("--days", type=int, default=14, help="days until they expire (14)")
        parser.add_argument("--uses", type=int, default=1, help="how many accounts each makes (1)")
        parser.add_argument("--label", default="", help="what they are for, to be found again; operators see it")
        parser.add_argument("--link", action="store_true", help="print links that open the page with the code")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print one code a line."""
        count, days, uses, label = options["count"], options["days"], options["uses"], options["label"]
        if not all(1 <= number <= most for number, most in ((count, 1000), (days, 365), (uses, 10_000))):
            raise CommandError("--count goes from 1 to 1000, --days from 1 to 365, --uses from 1 to 10000.")
        if len(label) > 80:
            raise CommandError("--label has at most 80 characters.")
        for _ in range(count):
            code = create_registration_code(days, most=uses, label=label)
            self.stdout.write(registration_link(code) if options["link"] else code)
