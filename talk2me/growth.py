"""When the disk is full, at the rate of the last days.

From what the server counted on each day, or, before there is a week of that, from what is still there by the day on
which it came.
"""

import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from django.conf import settings
from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Length

from keys.key_log.leaf import decode
from keys.models import LogLeaf
from messaging.models import Attachment, Envelope, MailboxKind
from talk2me.forecast import Flow, days_until_full, still_growing
from talk2me.growth_by_totals import flows_by_totals

DAY = 24 * 3600
# The last day is left out: much of what came in it is fetched in the next.
WINDOW_DAYS = 14
LEFT_OUT_DAYS = 1
# Of a younger server nothing can be said.
YOUNGEST_DAYS = 2
# What a database needs for an envelope beside its body, indexes included (benchmarks/capacity/costs.py).
ROW_BYTES = 490


@dataclass(frozen=True)
class Forecast:
    """`day` is after how many days the disk is full, `inf` for never; None on a server that is too young."""

    free: int
    flows: Sequence[Flow]
    days_measured: float
    day: float | None


def forecast(free: int | None = None) -> Forecast:
    """Say when the disk of DATA_DIR is full, or, of `free` bytes, the disk that the database has for itself."""
    age = server_age()
    days = min(WINDOW_DAYS, age - LEFT_OUT_DAYS)
    room = shutil.disk_usage(settings.DATA_DIR).free if free is None else free
    if age < YOUNGEST_DAYS:
        return Forecast(room, [], max(days, 0), None)
    with_files = free is None and settings.ATTACHMENT_STORAGE == "files"
    flows, counted = flows_by_totals(age, WINDOW_DAYS, with_files=with_files)
    if flows:
        days = counted
    else:
        flows = _in_the_database(age, days) + (_beside_it(age, days) if with_files else [])
    return Forecast(room, flows, days, days_until_full(room, flows))


def server_age() -> float:
    """Return for how many days this server's key log has gone on; 0 before it began."""
    first = LogLeaf.objects.order_by("position").first()
    return 0 if first is None else max(0.0, time.time() - decode(first.body).time / 1000) / DAY


def _in_the_database(age: float, days: float) -> list[Flow]:
    until = int(time.time()) - LEFT_OUT_DAYS * DAY
    came = Envelope.objects.filter(minute__gte=until - int(days * DAY), minute__lt=until)
    archived = Q(mailbox__kind=MailboxKind.ARCHIVE)
    return [
        Flow("archives", _stored(came.filter(archived)) / days),
        Flow(
            "envelopes not fetched yet",
            _stored(came.exclude(archived)) / days,
            still_growing(age, settings.ENVELOPE_DAYS),
        ),
    ]


def _stored(rows: QuerySet[Envelope]) -> int:
    found = rows.aggregate(bodies=Sum(Length("body")), count=Count("sequence"))
    return int((found["bodies"] or 0) + found["count"] * ROW_BYTES)


def _beside_it(age: float, days: float) -> list[Flow]:
    """Attachments don't say when they began: it follows from their end, where nobody wanted them to go sooner."""
    kept = settings.ATTACHMENT_DAYS
    until = int(time.time()) + (kept - LEFT_OUT_DAYS) * DAY
    sent = Attachment.objects.filter(expires__gte=until - int(days * DAY), expires__lt=until)
    # For good since the server began, nobody knows since when.
    for_good = Attachment.objects.filter(keep=True, expires=None, offset=F("size"))
    return [
        Flow("files that were sent", _sum(sent) / days, still_growing(age, kept)),
        Flow("files that people keep", _sum(for_good) / age, inf),
    ]


def _sum(rows: QuerySet[Attachment]) -> int:
    return int(rows.aggregate(sum=Sum("offset"))["sum"] or 0)
