"""`manage.py verify_log`: compute the key log again from the events and its leaves."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from keys.key_log.audit import Difference
from keys.log_storage.check import check_log, one_moment


class Command(BaseCommand):
    help = (
        "Compute every commitment that can still be opened, every map root and every tree node again, and compare them "
        "with what is stored. Says the first difference and ends with 1. Needs some 600 bytes of memory for each leaf."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Compare, and say what is the case."""
        try:
            with one_moment():
                audit = check_log()
        except Difference as difference:
            raise CommandError(difference) from difference
        self.stdout.write(f"{audit.size} leaves; the root is {audit.root.hex()}")
