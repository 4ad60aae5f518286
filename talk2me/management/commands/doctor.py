"""`manage.py doctor`: what is wrong with this server, and what helps."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from talk2me.doctor import LEVELS, Finding, examine


class Command(BaseCommand):
    help = (
        "Look at settings, keys, database, Redis, disk, jobs and backups, and with --url at the server as browsers see "
        "it. Ends with 2 for errors, 1 for warnings, else 0."
    )
    # What they find is among the findings.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to look, and for whom."""
        parser.add_argument("--url", help="the address that people use: https://chat.example")
        parser.add_argument("--json", action="store_true", help="a list of findings, for programs")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Say what was found, the worst first."""
        found = sorted(examine(options["url"]), key=lambda one: -LEVELS.index(one.level))
        if options["json"]:
            self.stdout.write(json.dumps([one.as_fields() for one in found], indent=1))
        else:
            self._tell(found)
        sys.exit(max((LEVELS.index(one.level) for one in found), default=0))

    def _tell(self, found: list[Finding]) -> None:
        for one in found:
            self.stdout.write(f"{one.level} {one.code}: {one.sentence}\n    {one.remedy}")
        if not found:
            self.stdout.write("nothing was found")
