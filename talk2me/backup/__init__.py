"""A whole server in one file, and back (docs/operations.md, Backup and Restore)."""

from talk2me.backup.errors import BackupError
from talk2me.backup.make import Made, back_up
from talk2me.backup.put_back import PutBack, restore
from talk2me.backup.stopping import tidy_up_when_stopped

__all__ = ["BackupError", "Made", "PutBack", "back_up", "restore", "tidy_up_when_stopped"]
