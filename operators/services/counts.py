"""Adding to what the whole server counts by day. Names are of closed sets; there is no place for anybody's id."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Literal

from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Greatest
from django.utils import timezone

from operators.models import DailyCount

# What workers add up, once a minute and when they end.
Added = Literal["envelopes", "envelope_bytes", "wakeups", "wakeup_lag_ms"]
# The most that was seen at once on the day.
Peak = Literal["queue", "wakeup_lag_peak_ms", "active_devices"]
# As it was when last counted on the day.
State = Literal[
    "accounts", "suspended_accounts", "new_accounts", "stored_devices", "stored_conversations", "stored_archives",
    "stored_files", "stored_kept_files", "stored_vaults", "stored_key_log",
]  # fmt: skip
DAYS_KEPT = 400


def add_to_today(added: Mapping[Added, int], peaks: Mapping[Peak, int]) -> None:
    """Add to the totals of today, and raise its peaks."""
    today = timezone.now().date()
    with transaction.atomic():
        for name, value in sorted(added.items()):
            if value:
                _row(today, name).update(value=F("value") + value, counted=timezone.now())
        _raise(today, peaks)


def set_today(states: Mapping[State, int], peaks: Mapping[Peak, int]) -> None:
    """Put down how things are, and forget days of long ago."""
    today = timezone.now().date()
    with transaction.atomic():
        DailyCount.objects.bulk_create(
            [DailyCount(day=today, name=name, value=value) for name, value in sorted(states.items())],
            update_conflicts=True,
            unique_fields=["day", "name"],
            update_fields=["value", "counted"],
        )
        _raise(today, peaks)
        DailyCount.objects.filter(day__lt=today - timedelta(days=DAYS_KEPT)).delete()


def _raise(today: date, peaks: Mapping[Peak, int]) -> None:
    for name, value in sorted(peaks.items()):
        # SQLite and PostgreSQL both: the larger one of the two.
        _row(today, name).update(value=Greatest(F("value"), value), counted=timezone.now())


def _row(day: date, name: str) -> QuerySet[DailyCount]:
    DailyCount.objects.get_or_create(day=day, name=name)
    return DailyCount.objects.filter(day=day, name=name)
