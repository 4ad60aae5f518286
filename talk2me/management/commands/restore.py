"""`manage.py restore FILE`: a backup becomes a server again."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import CommandError
from django.core.management.base import BaseCommand

from talk2me.backup import BackupError, PutBack, restore, tidy_up_when_stopped

LOST = (
    "What happened after the backup is gone, and what was deleted or revoked since is there again. Every conversation "
    "says that the server was put back."
)
FOLLOWS = {
    "continued": (
        "The key log goes on: whoever has seen no more of it than the export has sees nothing of this. If the export "
        "was made before the old server stopped accepting, stop here and take a new KEYLOG_KEY, unless you know that "
        "nothing was recorded since."
    ),
    "same": (
        "The key log went back: browsers that have seen more of it show a red page until their people start over with "
        "it. If it was in use after the backup, stop here and take a new KEYLOG_KEY before anybody sees this server."
    ),
    "new": "The key log has another key: browsers show a red page until their people start over with this log.",
}


class Command(BaseCommand):
    help = (
        "Put a backup into this server's empty database and its empty place for attachments, after checking all of it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """From where."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--log", type=Path, metavar="EXPORT", help="a newer file of `export_log` to go on with")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Put it back, and say what follows."""
        tidy_up_when_stopped()
        try:
            done = restore(options["file"].resolve(), options["log"] and options["log"].resolve())
        except BackupError as error:
            raise CommandError(str(error)) from error
        self._tell(done)

    def _tell(self, done: PutBack) -> None:
        for label, count in done.rows.items():
            if count:
                self.stdout.write(f"{label}: {count}")
        manifest = done.manifest
        self.stdout.write(f"parts of attachments: {done.parts}")
        self.stdout.write(f"made {manifest['made']} by {manifest['version']}; {manifest['key_log']['leaves']} leaves")
        # Older backups do not speak of it.
        missing = manifest.get("missing", {"count": 0, "attachments": []})
        if missing["count"]:
            named = ", ".join(missing["attachments"])
            words = f"lost before the backup was made, and not put back: {missing['count']} attachments: {named}"
            self.stdout.write(self.style.WARNING(words))
        if done.leaves_added is not None:
            self.stdout.write(f"leaves of the export: {done.leaves_added}")
        if done.other_keys:
            self.stdout.write(f"not the keys that the file has: {', '.join(done.other_keys)}")
        self.stdout.write(LOST)
        continued = "continued" if done.leaves_added is not None else "same"
        self.stdout.write(FOLLOWS[continued if done.is_same_log else "new"])
