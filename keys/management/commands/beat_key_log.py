"""`manage.py beat_key_log`: let the key log show that it is alive."""

from typing import Any

from django.core.management.base import BaseCommand

from keys.services import beat_key_log


class Command(BaseCommand):
    help = "Add a heartbeat to the key log if its last leaf is 12 hours old."

    def handle(self, *_args: Any, **options: Any) -> None:
        """Add it, and say so."""
        if beat_key_log() and options["verbosity"]:
            self.stdout.write("added a heartbeat")
