"""`manage.py witnesses`: who witnesses whom, and by which keys."""

import time
from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from keys import log_key, witness_settings
from keys.key_log import cosigned, note
from keys.models import CosignedCheckpoint, WitnessedLog


class Command(BaseCommand):
    help = "Show the keys by which this server's log and this server as a witness are known, and who has signed what."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which log to begin anew with."""
        parser.add_argument(
            "--forget", metavar="ORIGIN", help="a log that was set up anew, by another key: forget the old"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Show them, one a line."""
        if options["forget"] and not WitnessedLog.objects.filter(origin=options["forget"]).delete()[0]:
            raise CommandError("nothing has been signed of a log of that origin")
        self.stdout.write(f"This server's log, for KEYLOG_WITNESSED_LOGS of its witnesses:\n  {log_key.vkey()}")
        entry = "for browsers, and for KEYLOG_WITNESSES of the servers whose logs it witnesses"
        self.stdout.write(f"This server as a witness, {entry}:\n  {log_key.witness_vkey()}")
        self._show_witnessed()
        self._show_witnesses()

    def _show_witnessed(self) -> None:
        sizes = dict(WitnessedLog.objects.values_list("origin", "size"))
        for origin in witness_settings.witnessed_logs():
            last = f"{sizes[origin]} leaves" if origin in sizes else "nothing yet"
            self.stdout.write(f"Witnesses {origin}: has signed {last}")

    def _show_witnesses(self) -> None:
        notes = [note.read_note(text) for text in CosignedCheckpoint.objects.values_list("note", flat=True)]
        for one in witness_settings.witnesses():
            seconds = max((cosigned.signed_at(found, one.witness) for found in notes), default=0)
            day = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M")
            age = int(time.time()) - seconds
            when = f"at {day} UTC, {age // 3600} hours ago" if seconds else "never, or long ago"
            self.stdout.write(f"Witnessed by {one.witness.name}: has last signed {when}")
