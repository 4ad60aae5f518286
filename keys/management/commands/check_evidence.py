"""`manage.py check_evidence`: say what a file proves that a browser saved."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from keys import strict_json
from keys.key_log import tree
from keys.key_log.errors import KeyLogInvalid
from keys.key_log.evidence import RootAt, check_evidence, sizes_in
from keys.key_log.note import read_vkey
from keys.log_sources import open_source


class Command(BaseCommand):
    help = "Say what the evidence proves that a browser saved. Ends with 1 if nothing is proven."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which file, and the log to compare it with."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--export", help="a file of export_log, or the address of the server as it is now")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Say it, a sentence a line."""
        try:
            evidence = strict_json.read_object(options["file"].read_bytes())
            roots = self._roots(options["export"], evidence) if options["export"] else None
            finding = check_evidence(evidence, roots)
        except KeyLogInvalid as error:
            raise CommandError("this is no evidence of a key log, or its export is none of that log") from error
        except (OSError, ValueError) as error:
            raise CommandError(f"it can't be read: {type(error).__name__}") from error
        for sentence in finding.says:
            self.stdout.write(sentence)
        if not finding.proven:
            raise CommandError("by itself it proves nothing against the log")

    def _roots(self, export: str, evidence: dict[str, Any]) -> RootAt:
        """Return the roots of the exported log, signed by the evidence's own key, at the sizes that matter."""
        sizes, roots = sizes_in(evidence), {}
        frontier: list[bytes] = []
        with open_source(export, read_vkey(evidence["log"])) as source:
            size = 0
            for leaf in source.leaves:
                _, frontier = tree.append(size, frontier, [leaf])
                size += 1
                if size in sizes or size == source.checkpoint.size:
                    roots[size] = tree.fold(frontier)
            if size != source.checkpoint.size or roots[size] != source.checkpoint.root:
                raise KeyLogInvalid
        return roots.get
