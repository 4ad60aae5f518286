"""`manage.py forecast`: when the disk is full if people go on as they do."""

from argparse import ArgumentParser
from math import inf
from typing import Any

from django.core.management.base import BaseCommand

from talk2me.forecast import Flow
from talk2me.growth import YOUNGEST_DAYS, forecast
from talk2me.words import size_words


class Command(BaseCommand):
    help = "Say when the disk of DATA_DIR is full at the rate of the last days, and what fills it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose room."""
        words = "bytes that the disk of PostgreSQL has free, where that is another one: then of the database alone"
        parser.add_argument("--free", type=int, metavar="BYTES", help=words)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Say it."""
        found = forecast(options["free"])
        if found.day is None:
            self.stdout.write(f"This server is younger than {YOUNGEST_DAYS} days: ask again later.")
            return
        self.stdout.write(f"free: {size_words(found.free)}; measured over {found.days_measured:.0f} days")
        for flow in found.flows:
            self.stdout.write(f"{flow.kind}: {size_words(flow.per_day)} a day, {_how_long(flow)}")
        if found.day == inf:
            self.stdout.write("At this rate it is never full.")
        else:
            self.stdout.write(f"At this rate full in {found.day:.0f} days.")


def _how_long(flow: Flow) -> str:
    if flow.days == inf:
        return "for good"
    if flow.days == 0:
        return "and as much goes: no growth"
    return f"for {flow.days:.0f} days yet, then as much goes"
