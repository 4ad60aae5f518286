"""The log's heartbeat: a leaf now and then, so that a log that stands still can be told from a quiet one."""

from django.db import transaction

from keys.log_storage.tables import TABLES
from keys.log_storage.writer import LogWriter


def beat_key_log() -> bool:
    """Add a heartbeat if the last leaf is 12 hours old; say whether it was."""
    with transaction.atomic():
        return LogWriter(TABLES).beat()
