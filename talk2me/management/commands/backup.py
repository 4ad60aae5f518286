"""`manage.py backup FILE`: the whole server in one file, while it runs."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import CommandError
from django.core.management.base import BaseCommand

from talk2me.backup import BackupError, back_up, tidy_up_when_stopped


class Command(BaseCommand):
    help = (
        "Write database and attachments into one tar, which `manage.py restore` puts back into SQLite or PostgreSQL. "
        "Needs room for it, and for the database once more, where the file is to be."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to, and what else."""
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--with-keys", action="store_true", help="the keys of .env as well: then the file is as secret as they are"
        )
        parser.add_argument(
            "--without-missing",
            action="store_true",
            help="go on where parts of attachments are lost for good: it says which, and so does a restore",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Write it, and say what is in it."""
        tidy_up_when_stopped()
        try:
            made = back_up(
                options["file"].resolve(), with_keys=options["with_keys"], without_missing=options["without_missing"]
            )
        except BackupError as error:
            raise CommandError(str(error)) from error
        # Another environment than the server's would be another database: here it is seen.
        self.stdout.write(f"{settings.ORIGIN}: {made.accounts} accounts")
        self.stdout.write(
            f"database: {made.database} bytes; attachments: {made.attachments}, {made.bytes} bytes, {made.parts} parts"
        )
        if made.deleted:
            self.stdout.write(f"deleted while the backup was made, and not in it: {made.deleted} attachments")
        if made.missing:
            words = f"lost before, and not in it: {len(made.missing)} attachments: {', '.join(made.missing)}"
            self.stdout.write(self.style.WARNING(words))
