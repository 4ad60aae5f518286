"""Logging: nothing that tells who was here."""

import logging
import re

ADDRESS = re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b|\[[0-9a-fA-F:]+\](?::\d+)?")


class DropAddresses(logging.Filter):
    """Replaces network addresses in a record by `-`, whichever library wrote it."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record's message in place; always lets it pass."""
        record.msg, record.args = ADDRESS.sub("-", record.getMessage()), None
        return True
