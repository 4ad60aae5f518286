"""What operators see first: how the server is, in numbers and plots. Totals of the whole server, nobody's own."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Max
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.utils import timezone

from keys.models import AccessToken, KeyPackage
from messaging.clock import this_minute
from messaging.models import Attachment, Envelope, Report
from operators.models import AuditEntry, DailyCount
from operators.plot import Plot, plot, shares
from operators.services.second_factor import factor_of
from talk2me import metrics

DAYS = 30
STORED = (
    ("stored_conversations", "conversations"),
    ("stored_archives", "histories of accounts"),
    ("stored_devices", "for single devices"),
    ("stored_files", "files, for a time"),
    ("stored_kept_files", "files that are kept"),
    ("stored_vaults", "vaults"),
    ("stored_key_log", "key log, about"),
)
Counts = dict[str, dict[date, int]]


def front_page(request: HttpRequest) -> dict[str, Any]:
    """Return what the template shows."""
    today = timezone.now().date()
    days = [today - timedelta(days=back) for back in reversed(range(DAYS))]
    rows = DailyCount.objects.filter(day__gte=days[0])
    counts: Counts = {}
    for name, day, value in rows.values_list("name", "day", "value"):
        counts.setdefault(name, {})[day] = value
    stored = shares([(words, _newest(counts, name)) for name, words in STORED])
    return {
        "counted": rows.aggregate(newest=Max("counted"))["newest"],
        "tiles": _tiles(request, counts, today),
        "plots": _plots(counts, days),
        "stored": stored,
        "stored_sum": _size(sum(share.value for share in stored)),
        "entries": _entries(request),
        "has_second_factor": isinstance(request.user, User) and factor_of(request.user) is not None,
    }


def _tiles(request: HttpRequest, counts: Counts, today: date) -> list[dict[str, Any]]:
    def of_today(name: str) -> int:
        return counts.get(name, {}).get(today, 0)

    accounts, suspended = _newest(counts, "accounts"), _newest(counts, "suspended_accounts")
    reports, expired = Report.objects.filter(handled=False).count(), _expired()
    may_see_reports = request.user.has_perm("messaging.view_report")
    lag = _average_lag(of_today("wakeups"), of_today("wakeup_lag_ms"))
    return [
        _tile("accounts", accounts, f"{of_today('new_accounts')} new today, {suspended} suspended",
              link="admin:keys_account_changelist"),
        _tile("active devices today", of_today("active_devices"), "devices that have signed in",
              link="admin:keys_device_changelist"),
        _tile("envelopes today", of_today("envelopes"), _size(of_today("envelope_bytes"))),
        _tile("open reports", reports, "wait for a moderator" if reports else "nothing waits", warn=reports > 0,
              link="admin:messaging_report_changelist" if may_see_reports else None),
        _tile("due to be deleted", expired, "the next turn of the jobs does it", warn=expired > 100_000),
        _tile("waiting to be written", _waiting(),
              f"on this worker now; at most {of_today('queue')} today"),
        _tile("wake-up lag", lag, f"average of {of_today('wakeups')} today, between workers; "
              f"at most {of_today('wakeup_lag_peak_ms')} ms"),
    ]  # fmt: skip


def _tile(name: str, value: int | str, words: str, *, warn: bool = False, link: str | None = None) -> dict[str, Any]:
    return {
        "name": name,
        "value": f"{value:,}" if isinstance(value, int) else value,
        "words": words,
        "warn": warn,
        "link": link,
    }


def _plots(counts: Counts, days: list[date]) -> list[Plot]:
    def by_day(name: str) -> list[int | None]:
        found = counts.get(name, {})
        return [found.get(day) for day in days]

    lags = [
        None if count is None else round(lag / count) if count and lag is not None else 0
        for count, lag in zip(by_day("wakeups"), by_day("wakeup_lag_ms"), strict=True)
    ]
    return [
        plot("Active devices", days, by_day("active_devices")),
        plot("Accounts", days, by_day("accounts")),
        plot("New accounts", days, by_day("new_accounts")),
        plot("Envelopes", days, by_day("envelopes")),
        plot("Bytes of envelopes", days, by_day("envelope_bytes"), _size),
        plot("Longest queue of a writer", days, by_day("queue")),
        plot("Average wake-up lag", days, lags, lambda value: f"{value} ms"),
        plot("Files stored", days, by_day("stored_files"), _size),
    ]


def _newest(counts: Counts, name: str) -> int:
    found = counts.get(name)
    return found[max(found)] if found else 0


def _waiting() -> int:
    (family,) = metrics.queue_depth.collect()
    return int(family.samples[0].value)


def _expired() -> int:
    """Return how many rows are past their end and still there."""
    now, minute = datetime.now(UTC), this_minute()
    return (
        Envelope.objects.filter(expires__lte=minute).count()
        + Attachment.objects.filter(expires__lte=minute).count()
        + KeyPackage.objects.filter(expires__lte=now).count()
        + AccessToken.objects.filter(expires__lte=now - timedelta(days=1)).count()
    )


def _average_lag(count: int, milliseconds: int) -> str:
    return f"{round(milliseconds / count)} ms" if count else "-"


def _entries(request: HttpRequest) -> list[AuditEntry]:
    return list(AuditEntry.objects.all()[:8]) if request.user.has_perm("operators.view_auditentry") else []


def _size(value: int) -> str:
    return filesizeformat(value).replace("\xa0", " ")
