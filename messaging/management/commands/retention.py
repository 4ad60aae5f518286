"""`manage.py retention`: what fewer days or lower quotas would do to what is stored; with --apply, doing it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import CommandError
from django.core.management.base import BaseCommand

from messaging.services.count_over_quotas import (
    count_crowded,
    count_full_accounts,
    count_full_archives,
    count_full_senders,
)
from messaging.services.shorten_retention import (
    count_longer,
    count_older,
    shorten_attachments,
    shorten_envelopes,
)
from talk2me.words import size_words

KINDS = {"device": "invitations that wait for devices", "conversation": "conversations"}


class Command(BaseCommand):
    help = (
        "Say what fewer days or lower quotas would delete or stop, and change nothing. With --apply what is stored "
        "already is given the fewer days; quotas hold as soon as the workers have them."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take each as the setting of that name."""
        parser.add_argument("--envelope-days", type=int, metavar="DAYS", help="as ENVELOPE_DAYS")
        parser.add_argument("--attachment-days", type=int, metavar="DAYS", help="as ATTACHMENT_DAYS")
        parser.add_argument("--mailbox-quota", type=int, metavar="BYTES", help="as MAILBOX_QUOTA_BYTES")
        parser.add_argument("--archive-quota", type=int, metavar="BYTES", help="as ARCHIVE_QUOTA_BYTES")
        parser.add_argument("--account-quota", type=int, metavar="BYTES", help="as ACCOUNT_QUOTA_BYTES")
        parser.add_argument("--attachment-quota", type=int, metavar="BYTES", help="as ATTACHMENT_QUOTA_BYTES")
        parser.add_argument("--apply", action="store_true", help="shorten what is stored already; this is for good")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Count, and change only what was asked for."""
        tell = {
            "envelope_days": self._tell_envelopes,
            "attachment_days": self._tell_attachments,
            "mailbox_quota": self._tell_mailboxes,
            "archive_quota": self._tell_archives,
            "account_quota": self._tell_accounts,
            "attachment_quota": self._tell_senders,
        }
        asked = {name: options[name] for name in tell if options[name] is not None}
        if not asked:
            raise CommandError("say what to look at, such as --envelope-days 7")
        if min(asked.values()) < 1:
            raise CommandError("days and bytes have to be 1 or more")
        days = {name: value for name, value in asked.items() if name.endswith("_days")}
        if options["apply"] and not days:
            raise CommandError("--apply is for days: quotas hold as soon as they are in the settings")
        for name, value in asked.items():
            tell[name](value)
        if not options["apply"]:
            self.stdout.write("Nothing was changed.")
            return
        self._apply(days)

    def _tell_envelopes(self, days: int) -> None:
        going = count_older(days)
        for kind, words in KINDS.items():
            found = going.get(kind)
            count, size = (found.count, found.bytes) if found else (0, 0)
            self.stdout.write(f"ENVELOPE_DAYS={days}, {words}: {count} envelopes, {size_words(size)} would go")

    def _tell_attachments(self, days: int) -> None:
        found = count_longer(days)
        words = (
            f"{found.count} files, {size_words(found.bytes)} would go {days} days from now, and stay longer otherwise"
        )
        self.stdout.write(f"ATTACHMENT_DAYS={days}: {words}")

    def _tell_mailboxes(self, quota: int) -> None:
        found = count_crowded(quota)
        self.stdout.write(
            f"MAILBOX_QUOTA_BYTES={quota}: {found.conversations} conversations would let go of what waits for "
            f"{found.devices} devices that are away, {found.envelopes} envelopes, {size_words(found.bytes)}, when "
            f"somebody writes there next; {found.full} more would take nothing until something is read or expires"
        )

    def _tell_archives(self, quota: int) -> None:
        words = "archives would take nothing more; nothing in them would go"
        self.stdout.write(f"ARCHIVE_QUOTA_BYTES={quota}: {count_full_archives(quota)} {words}")

    def _tell_accounts(self, quota: int) -> None:
        words = "accounts could send nothing until less is stored for them; nothing would go"
        self.stdout.write(f"ACCOUNT_QUOTA_BYTES={quota}: {count_full_accounts(quota)} {words}")

    def _tell_senders(self, quota: int) -> None:
        words = "accounts could send no more files until some of theirs have gone; nothing would go"
        self.stdout.write(f"ATTACHMENT_QUOTA_BYTES={quota}: {count_full_senders(quota)} {words}")

    def _apply(self, days: dict[str, int]) -> None:
        if (most := days.get("envelope_days")) is not None:
            self.stdout.write(f"{shorten_envelopes(most)} envelopes end sooner now; the jobs delete what is due.")
        if (most := days.get("attachment_days")) is not None:
            self.stdout.write(f"{shorten_attachments(most)} files end sooner now.")
        self.stdout.write("What comes from now on has the days of the settings: put the same there.")
