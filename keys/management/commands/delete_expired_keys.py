"""`manage.py delete_expired_keys`: forget tokens, key packages, invitations and codes whose time is over."""

from typing import Any

from django.core.management.base import BaseCommand

from keys.services import delete_expired


class Command(BaseCommand):
    help = "Delete sign-in tokens, key packages, invitations and registration codes that have expired."

    def handle(self, *_args: Any, **options: Any) -> None:
        """Delete, and say how much."""
        for model, count in sorted(delete_expired().items()):
            if count and options["verbosity"]:
                self.stdout.write(f"{model}: {count}")
