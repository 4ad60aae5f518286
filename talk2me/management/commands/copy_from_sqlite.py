"""`manage.py copy_from_sqlite FILE`: go on with PostgreSQL where SQLite was."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import CommandError
from django.core.management.base import BaseCommand

from talk2me.copying import copy_from_sqlite


class Command(BaseCommand):
    """For a server that is stopped."""

    help = "Copy everything from a SQLite file into the empty, migrated database that DATABASE_URL names."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file."""
        parser.add_argument("file", type=Path, help="such as var/talk2me.sqlite3")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Copy, and say how much."""
        if not options["file"].is_file():
            raise CommandError(f"there is no file {options['file']}")
        for label, count in copy_from_sqlite(options["file"].resolve()).items():
            if count:
                self.stdout.write(f"{label}: {count}")
