"""`manage.py audit_log`: check a whole key log from outside."""

import time
from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from keys import log_key
from keys.key_log.audit import LONGEST_SILENCE_MS, Audit, Difference
from keys.key_log.errors import KeyLogInvalid
from keys.key_log.note import read_vkey
from keys.log_sources import Source, open_source


class Command(BaseCommand):
    help = (
        "Check the signature of a log, that its leaves give the signed root, and that each map root is that of a map "
        "that only grew. Ends with 1 if not. No account is needed. Needs some 600 bytes of memory for each leaf."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which log, by which key."""
        parser.add_argument("source", help="a file of export_log, or the address of a server")
        parser.add_argument("--key", help="the verifier key; else a server's own word, for a file this server's key")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Read it from end to end."""
        is_file = not options["source"].startswith("http")
        try:
            known = options["key"] or (log_key.vkey() if is_file else None)
            with open_source(options["source"], read_vkey(known) if known else None) as source:
                audit = self._read(source)
        except Difference as difference:
            raise CommandError(difference) from difference
        except KeyLogInvalid as error:
            raise CommandError(f"the checkpoint does not hold: {error.code}") from error
        except (OSError, ValueError, KeyError) as error:
            raise CommandError(f"the log can't be read: {type(error).__name__}") from error
        self._tell_silences(audit)
        self.stdout.write(f"{audit.size} leaves, signed by {source.verifier.vkey}; all of them are as signed")

    def _read(self, source: Source) -> Audit:
        audit, head = Audit(), source.checkpoint
        for leaf in source.leaves:
            audit.add(leaf)
        if (audit.size, audit.root) != (head.size, head.root):
            raise Difference("checkpoint", f"it was signed for {head.size} other leaves than these {audit.size}")
        return audit

    def _tell_silences(self, audit: Audit) -> None:
        for silence in audit.silences:
            self.stdout.write(f"silent before leaf {silence.position}: {_day(silence.start)} to {_day(silence.end)}")
        if audit.last and time.time() * 1000 - audit.last.time > LONGEST_SILENCE_MS:
            self.stdout.write(f"silent since {_day(audit.last.time)}")


def _day(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, UTC).strftime("%Y-%m-%d %H:%M")
