"""`manage.py export_log`: the whole key log as a file, for auditors and for safekeeping."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from keys.key_log.checkpoint import read_checkpoint
from keys.key_log.export import write_head
from keys.key_log.note import read_note
from keys.services import MOST_LEAVES, read_leaves
from keys.services import read_checkpoint as signed_checkpoint


class Command(BaseCommand):
    help = "Write the signed checkpoint, an empty line and all leaves to a file. Nothing in it is secret."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to."""
        parser.add_argument("file", type=Path)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Write the log as it is now."""
        note = signed_checkpoint()
        size = read_checkpoint(read_note(note).text).size
        with options["file"].open("wb") as file:
            write_head(file, note)
            for first in range(0, size, MOST_LEAVES):
                file.write(read_leaves(first, min(first + MOST_LEAVES, size)))
        self.stdout.write(f"{size} leaves")
