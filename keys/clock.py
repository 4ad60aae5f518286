"""Time as it is kept: no finer than the minute, so that the tables tell little about when people were here."""

from datetime import UTC, date, datetime, timedelta


def now() -> datetime:
    """Return the present, with its seconds; for comparing, not for storing."""
    return datetime.now(UTC)


def this_minute() -> datetime:
    """Return the present, rounded down to the minute."""
    return now().replace(second=0, microsecond=0)


def today() -> date:
    """Return the day, UTC."""
    return now().date()


def in_seconds(seconds: int) -> datetime:
    """Return the time `seconds` from now, rounded up to the minute."""
    exact = now() + timedelta(seconds=seconds)
    rounded = exact.replace(second=0, microsecond=0)
    return rounded if rounded == exact else rounded + timedelta(minutes=1)


def seconds_until(moment: datetime) -> int:
    """Return the whole seconds until `moment`, never negative."""
    return max(0, int((moment - now()).total_seconds()))
