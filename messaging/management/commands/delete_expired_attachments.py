"""`manage.py delete_expired_attachments`: delete what has expired, and the objects of what was deleted."""

from typing import Any

from django.core.management.base import BaseCommand

from messaging.services.delete_attachment import delete_expired_attachments


class Command(BaseCommand):
    """Runs beside the server; again and again is harmless."""

    help = "Delete expired attachments, and the stored parts of deleted ones."

    def handle(self, *_args: Any, **options: Any) -> None:
        """Run the job."""
        cleared = delete_expired_attachments()
        if options["verbosity"] > 0:
            self.stdout.write(f"deleted the parts of {cleared} attachments")
