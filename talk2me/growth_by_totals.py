"""What this server's data has grown by, from what it counts on each day (operators/services/counts.py)."""

from dataclasses import dataclass
from datetime import date, timedelta
from math import inf

from django.conf import settings
from django.db import connection
from django.utils import timezone

from operators.models import DailyCount
from talk2me.forecast import Flow, still_growing

# Fewer days say little.
FEWEST_DAYS = 7
# A database takes more than the bodies in it: as many times as now, but one that is nearly empty says nothing.
LARGEST_FACTOR = 3.0


@dataclass(frozen=True)
class Kind:
    """What is counted under `names`; `kept` is the setting with its days, None for what nobody deletes."""

    words: str
    names: tuple[str, ...]
    kept: str | None
    in_database: bool


KINDS = (
    Kind("archives", ("stored_archives",), None, in_database=True),
    Kind("envelopes not fetched yet", ("stored_conversations", "stored_devices"), "ENVELOPE_DAYS", in_database=True),
    Kind("vaults and key log", ("stored_vaults", "stored_key_log"), None, in_database=True),
    Kind("files that were sent", ("stored_files",), "ATTACHMENT_DAYS", in_database=False),
    Kind("files that people keep", ("stored_kept_files",), None, in_database=False),
)


def flows_by_totals(age: float, window: int, *, with_files: bool) -> tuple[list[Flow], float]:
    """Return what grew in the last `window` days, on a server of `age` days, and over how many days that is known.

    Nothing when it has not counted for long enough.
    """
    counted = _counted(window)
    if not counted:
        return [], 0
    first, last = min(counted), max(counted)
    days = (last - first).days
    if days < FEWEST_DAYS:
        return [], 0
    factor = _factor(sum(_sum(counted[last], kind) for kind in KINDS if kind.in_database))
    return [
        Flow(
            kind.words,
            max(0, _sum(counted[last], kind) - _sum(counted[first], kind)) / days * (factor if kind.in_database else 1),
            inf if kind.kept is None else still_growing(age, getattr(settings, kind.kept)),
        )
        for kind in KINDS
        if kind.in_database or with_files
    ], days


def _counted(window: int) -> dict[date, dict[str, int]]:
    """Return the days on which everything was counted that stands in KINDS."""
    names = [name for kind in KINDS for name in kind.names]
    rows = DailyCount.objects.filter(day__gte=timezone.now().date() - timedelta(days=window), name__in=names)
    found: dict[date, dict[str, int]] = {}
    for day, name, value in rows.values_list("day", "name", "value"):
        found.setdefault(day, {})[name] = value
    return {day: values for day, values in found.items() if len(values) == len(names)}


def _sum(values: dict[str, int], kind: Kind) -> int:
    return sum(values[name] for name in kind.names)


def _factor(bodies: int) -> float:
    return min(LARGEST_FACTOR, max(1.0, _database_bytes() / bodies)) if bodies else 1.0


def _database_bytes() -> int:
    asked = ["SELECT pg_database_size(current_database())"]
    if connection.vendor == "sqlite":
        asked = ["PRAGMA page_count", "PRAGMA page_size"]
    size = 1
    with connection.cursor() as cursor:
        for statement in asked:
            cursor.execute(statement)
            size *= int(cursor.fetchone()[0])
    return size
