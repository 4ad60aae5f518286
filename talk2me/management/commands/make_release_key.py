"""`manage.py make_release_key FILE NAME`: a key that signs releases, for whoever releases."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from keys.key_log.errors import KeyLogInvalid
from talk2me import release_note


class Command(BaseCommand):
    help = "Write a fresh key for `manifest --sign` into a new file, and print the verifier key for everybody else."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file and the name under which the key is known."""
        parser.add_argument("file", type=Path, help="must not exist; keep it off the server that it signs for")
        parser.add_argument("name", help="such as chat.example/releases")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Make it; never over another one."""
        try:
            signer = release_note.make_key(options["name"])
        except KeyLogInvalid as error:
            raise CommandError("a name has no spaces and no plus signs") from error
        try:
            with os.fdopen(os.open(options["file"], os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(release_note.write_private_key(signer) + "\n")
        except FileExistsError as error:
            raise CommandError(f"{options['file']} exists: a key is never written over") from error
        self.stdout.write(signer.verifier.vkey)
