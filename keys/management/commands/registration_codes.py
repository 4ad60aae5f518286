"""`manage.py registration_codes`: which codes there are, and ending some of them."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from keys import services
from keys.models import RegistrationCode


class Command(BaseCommand):
    help = "List the codes that let people in, without the codes themselves; or end some."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which to end."""
        parser.add_argument("--revoke", type=int, nargs="+", metavar="NUMBER", help="end these; accounts stay")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print one code a line: number, state, uses, end, who has made it, label."""
        if options["revoke"]:
            self._revoke(options["revoke"])
            return
        for code in RegistrationCode.objects.select_related("account"):
            uses, by = f"{code.uses}/{code.most}", code.account or "-"
            self.stdout.write(f"{code.pk}\t{code.state}\t{uses}\t{code.expires:%Y-%m-%d}\t{by}\t{code.label}")

    def _revoke(self, numbers: list[int]) -> None:
        rows = RegistrationCode.objects.filter(pk__in=numbers)
        unknown = set(numbers) - set(rows.values_list("pk", flat=True))
        if unknown:
            raise CommandError(f"There is no code {', '.join(map(str, sorted(unknown)))}.")
        self.stdout.write(f"revoked: {services.revoke_registration_codes(rows)}")
