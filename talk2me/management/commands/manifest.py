"""`manage.py manifest`: write the manifest of this checkout, sign it, or compare it with another."""

import hashlib
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from keys.key_log.errors import KeyLogInvalid
from keys.key_log.note import read_vkey
from talk2me import manifest, release_note, webcat


class Command(BaseCommand):
    help = (
        "Write the hash of every file that browsers are served as code or document, and the headers that go with them. "
        "With --check: compare this checkout with such a file; ends with 1 if they differ."
    )
    # It is about files: no database and no setting matters.
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take where to, and what else to do."""
        parser.add_argument("--out", type=Path, help="a file; without it the manifest is printed")
        parser.add_argument("--sign", type=Path, metavar="KEYFILE", help="sign: writes OUT.note beside the manifest")
        parser.add_argument("--check", type=Path, metavar="FILE", help="compare with a manifest that somebody wrote")
        parser.add_argument("--key", help="with --check: the verifier key that FILE.note has to be signed with")
        parser.add_argument("--webcat", type=Path, metavar="FOLDER", help="lay out what webcat-cli signs")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Do what is asked for."""
        if options["key"] and not options["check"]:
            raise CommandError("--key goes with --check")
        if options["sign"] and not options["out"]:
            raise CommandError("--sign needs --out: the signature goes into a file beside it")
        try:
            data = manifest.write(manifest.build())
        except manifest.UnknownKind as error:
            raise CommandError(f"static/ has a file of a kind that browsers are not served: {error}") from error
        if options["check"]:
            self._check(manifest.read(data), options["check"], options["key"])
        elif options["webcat"]:
            self._lay_out(options["webcat"])
        elif options["out"]:
            self._write(data, options["out"], options["sign"])
        else:
            self.stdout.write(data.decode(), ending="")

    def _write(self, data: bytes, out: Path, key_file: Path | None) -> None:
        out.write_bytes(data)
        digest, note = hashlib.sha256(data).hexdigest(), _note_of(out)
        self.stdout.write(f"{out}: SHA-256 {digest}")
        if key_file is None:
            # One of an earlier release must not stand beside this one.
            note.unlink(missing_ok=True)
            self.stdout.write("not signed: no key was given (--sign)")
            return
        try:
            signer = release_note.read_private_key(key_file.read_text().strip())
        except (OSError, ValueError, KeyLogInvalid) as error:
            raise CommandError(f"no release key in {key_file}: manage.py make_release_key makes one") from error
        note.write_text(release_note.sign(manifest.read(data)["version"], digest, signer))
        self.stdout.write(f"{note}: signed, to be checked with {signer.verifier.vkey}")

    def _lay_out(self, folder: Path) -> None:
        try:
            webcat.lay_out(folder)
        except FileExistsError as error:
            raise CommandError(f"{folder} has files of an earlier time: take an empty folder") from error
        self.stdout.write(f"{folder}: for webcat-cli (docs/code_integrity.md)")

    def _check(self, ours: manifest.Manifest, file: Path, key: str | None) -> None:
        try:
            data = file.read_bytes()
            theirs = manifest.read(data)
        except (OSError, manifest.ManifestInvalid) as error:
            raise CommandError(f"{file} is no manifest") from error
        if key:
            self._check_note(file, theirs["version"], hashlib.sha256(data).hexdigest(), key)
        found = manifest.differences(ours, theirs)
        for sentence in found:
            self.stdout.write(sentence)
        if found:
            raise CommandError(f"{len(found)} differences between this checkout and {file}")
        self.stdout.write(f"{len(ours['paths'])} files, all as in {file}")

    def _check_note(self, file: Path, version: str, digest: str, key: str) -> None:
        try:
            verifier = read_vkey(key)
        except KeyLogInvalid as error:
            raise CommandError("--key is no verifier key") from error
        note = _note_of(file)
        if not note.is_file() or not release_note.is_signed(note.read_text(), version, digest, verifier):
            raise CommandError(f"{file} is not signed with this key")
        self.stdout.write(f"signed by {verifier.name}")


def _note_of(file: Path) -> Path:
    return file.with_name(file.name + ".note")
