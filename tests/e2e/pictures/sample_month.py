"""A month of a small server, for the picture of its first page: run by `manage.py shell` on an empty database."""

from datetime import timedelta
from math import sin

from django.utils import timezone

from operators.models import DailyCount

today = timezone.now().date()
MEGABYTE = 1024**2
GROWING = {"accounts": 41, "stored_archives": 480 * MEGABYTE, "stored_files": 910 * MEGABYTE,
           "stored_kept_files": 130 * MEGABYTE, "stored_conversations": 24 * MEGABYTE, "stored_devices": 3 * MEGABYTE,
           "stored_vaults": MEGABYTE, "stored_key_log": 2 * MEGABYTE}  # fmt: skip
EACH_DAY = {"active_devices": 52, "envelopes": 2400, "envelope_bytes": 11 * MEGABYTE, "new_accounts": 2, "queue": 9,
            "wakeups": 1900, "wakeup_lag_ms": 5700, "wakeup_lag_peak_ms": 41}  # fmt: skip

DailyCount.objects.bulk_create(
    DailyCount(day=today - timedelta(days=back), name=name, value=int(value * share))
    for back in range(30)
    for names, share in ((GROWING, 1 - back / 45), (EACH_DAY, 0.75 + 0.25 * sin(back * 0.9)))
    for name, value in names.items()
)
