"""`manage.py quota NAME`: what one account may hold, in place of the settings."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import CommandError
from django.core.management.base import BaseCommand

from keys.selectors import account_named
from messaging.selectors import quotas_of
from messaging.services.set_quotas import set_quotas
from talk2me.checks import SMALLEST
from talk2me.words import size_words

# By the names of the options: the field, and the setting in whose place it is.
QUOTAS = {"share": ("share", "ACCOUNT_QUOTA_BYTES"), "files": ("attachments", "ATTACHMENT_QUOTA_BYTES")}


class Command(BaseCommand):
    help = "Show what an account may hold, or give it a quota of its own; 0 is that of the settings again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose, and how much."""
        parser.add_argument("username")
        for name, (_, setting) in QUOTAS.items():
            parser.add_argument(f"--{name}", type=int, metavar="BYTES", help=f"in place of {setting}")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Set what was given, and say what counts."""
        account = account_named(options["username"])
        if account is None:
            raise CommandError("there is no account of that name")
        changed: dict[str, int | None] = {}
        for name, (field, setting) in QUOTAS.items():
            if (size := options[name]) is None:
                continue
            if size != 0 and size < SMALLEST[setting]:
                raise CommandError(f"--{name} must be at least {SMALLEST[setting]}, or 0 for {setting}")
            changed[field] = size or None
        quotas = set_quotas(account, **changed) if changed else quotas_of(account)
        self.stdout.write(f"share: {size_words(quotas.share)}; files: {size_words(quotas.attachments)}")
