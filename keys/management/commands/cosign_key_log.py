"""`manage.py cosign_key_log`: let witnesses sign what the key log has grown to."""

from typing import Any

from django.core.management.base import BaseCommand

from keys.services import gather_cosignatures


class Command(BaseCommand):
    help = "Send the newest checkpoint to each of KEYLOG_WITNESSES that has not signed it; keep what they sign."

    def handle(self, *_args: Any, **options: Any) -> None:
        """Ask them, and say who has signed and who has not."""
        gathered = gather_cosignatures()
        if not options["verbosity"]:
            return
        for one in gathered.signed:
            self.stdout.write(f"{one.witness.name} has signed {gathered.size} leaves")
        for one, why in gathered.silent.items():
            self.stdout.write(f"{one.witness.name} has not signed: {why}")
