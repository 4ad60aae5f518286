"""What the periodic jobs count of the whole server, for the front page of the admin: totals, nothing by account."""

import time

from django.db.models import Model, Q, Sum
from django.db.models.functions import Coalesce, Length
from django.utils import timezone

from keys.models import Account, Device, LogState, Vault
from messaging.models import Attachment, Mailbox, MailboxKind
from operators.services.counts import State, set_today

# Sums go over whole tables, so not at every turn of the jobs.
EVERY_SECONDS = 600
# About so much is stored for a leaf of the key log (docs/operations.md, What it costs).
BYTES_OF_A_LEAF = 500


class _Last:
    """When this process counted last, in monotonic seconds."""

    at: float | None = None


def count_day_if_due() -> None:
    """Count, unless this process has done so in the last ten minutes."""
    now = time.monotonic()
    if _Last.at is None or now - _Last.at >= EVERY_SECONDS:
        count_day()
        _Last.at = now


def count_day() -> None:
    """Put down how much there is today."""
    today = timezone.now().date()
    boxes = dict(
        Mailbox.objects.order_by()
        .values_list("kind")
        .annotate(stored=Coalesce(Sum("bytes"), 0))
        .values_list("kind", "stored")
    )
    states: dict[State, int] = {
        "accounts": Account.objects.count(),
        "suspended_accounts": Account.objects.filter(suspended=True).count(),
        "new_accounts": Account.objects.filter(created=today).count(),
        "stored_devices": boxes.get(MailboxKind.DEVICE, 0),
        "stored_conversations": boxes.get(MailboxKind.CONVERSATION, 0),
        "stored_archives": boxes.get(MailboxKind.ARCHIVE, 0),
        "stored_files": _sum(Attachment, "offset", Q(keep=False)),
        "stored_kept_files": _sum(Attachment, "offset", Q(keep=True)),
        "stored_vaults": Vault.objects.aggregate(sum=Coalesce(Sum(Length("body")), 0))["sum"],
        "stored_key_log": BYTES_OF_A_LEAF * _sum(LogState, "size", Q()),
    }
    set_today(states, {"active_devices": Device.objects.filter(last_seen=today, removed=None).count()})


def _sum(model: type[Model], field: str, which: Q) -> int:
    return int(model._base_manager.filter(which).aggregate(sum=Coalesce(Sum(field), 0))["sum"])  # noqa: SLF001 - Django's name
