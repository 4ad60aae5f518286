"""What operators see first: numbers of the whole server by day, as plots and as tables."""

import asyncio
import re
from datetime import timedelta
from typing import get_args

import pytest
from django.utils import timezone

from keys.models import Device
from messaging.clock import this_minute
from messaging.models import Attachment, Mailbox, MailboxKind, Report
from messaging.tally import Tally
from operators import count_day
from operators.models import DailyCount
from operators.plot import plot, shares
from operators.services import counts
from operators.services.counts import add_to_today, set_today
from talk2me import jobs
from talk2me.errors import StorageFailed
from tests import factories
from tests.api.operators_help import make_operator

pytestmark = pytest.mark.django_db


def today():
    return timezone.now().date()


def of_today():
    return dict(DailyCount.objects.filter(day=today()).values_list("name", "value"))


def test_the_job_counts_the_whole_server():
    alice, _ = factories.make_account(), factories.make_account()
    Device.objects.filter(uid=alice.device.device_id).update(last_seen=today())
    for number, (kind, size) in enumerate([(MailboxKind.ARCHIVE, 70), (MailboxKind.CONVERSATION, 9)]):
        Mailbox.objects.create(id=bytes([number] * 16), kind=kind, bytes=size, minute=this_minute())
    Attachment.objects.create(id=bytes(16), account=alice.account_id, size=50, part=50, offset=40, keep=True)
    count_day.count_day()
    found = of_today()
    assert found["accounts"] == found["new_accounts"] == 2
    assert found["active_devices"] == 1
    assert (found["stored_archives"], found["stored_conversations"], found["stored_kept_files"]) == (70, 9, 40)
    # Who was there today stays counted.
    Device.objects.update(last_seen=today() - timedelta(days=1))
    count_day.count_day()
    assert of_today()["active_devices"] == 1
    allowed = {*get_args(counts.Added), *get_args(counts.Peak), *get_args(counts.State)}
    assert of_today().keys() <= allowed


def test_the_jobs_count_now_and_then_only(monkeypatch):
    times = []
    monkeypatch.setattr(count_day, "count_day", lambda: times.append(1))
    monkeypatch.setattr(count_day._Last, "at", None)  # noqa: SLF001 - as in a new process
    jobs.JOBS["count_day"]()
    jobs.JOBS["count_day"]()
    assert times == [1]


def test_totals_add_up_peaks_stay_and_old_days_go():
    add_to_today({"envelopes": 3, "wakeups": 0}, {"queue": 5})
    add_to_today({"envelopes": 4}, {"queue": 2})
    assert of_today() == {"envelopes": 7, "queue": 5}
    DailyCount.objects.create(day=today() - timedelta(days=401), name="accounts", value=1)
    set_today({"accounts": 2}, {})
    assert DailyCount.objects.count() == 3


def test_what_the_database_does_not_take_is_kept_for_the_next_time(monkeypatch):
    written = []

    async def refuse(*_what):
        raise StorageFailed

    async def take(_work, *what):
        written.append(what)

    async def count():
        tally = Tally()
        tally.heard(0.25)
        tally.heard(0.05)
        for run in (refuse, take, take):
            monkeypatch.setattr("messaging.tally.run_write", run)
            await tally.finish()

    asyncio.run(count())
    assert written == [({"wakeups": 2, "wakeup_lag_ms": 300}, {"wakeup_lag_peak_ms": 250})]


def test_the_page_has_each_number_as_a_plot_and_in_a_table(client):
    client.force_login(make_operator("viewer"))
    assert "Nothing is counted yet" in client.get("/admin/").content.decode()
    days = [today() - timedelta(days=back) for back in (3, 0)]
    DailyCount.objects.bulk_create(
        DailyCount(day=day, name=name, value=value)
        for day, factor in zip(days, (1, 2), strict=True)
        for name, value in {
            "accounts": 1234 * factor, "active_devices": 4321 * factor, "envelopes": 5000, "envelope_bytes": 2048,
            "queue": 17, "wakeups": 10, "wakeup_lag_ms": 420, "stored_archives": 1024 * factor, "stored_vaults": 1024,
        }.items()
    )  # fmt: skip
    factories.make_account()
    Report.objects.create(mark=bytes(32), reporter=bytes(16), account=bytes(16), minute=0, received=0, content=b"")
    page = client.get("/admin/").content.decode()
    # An axe would want the picture named, and the numbers where no picture is seen.
    figure = re.search(
        r'<figure class="plot">\s*<figcaption><span class="plot-title">Accounts.*?</figure>', page, re.DOTALL
    )[0]
    assert 'role="img" aria-label="Accounts, by day: 2,468 today, at most 2,468.' in figure
    assert len(re.findall(r'<rect class="plot-bar"', figure)) == 30
    assert re.search(rf'<th scope="row">{days[0]}</th><td class="number">1,234</td>', figure)
    assert figure.count('<td class="number">-</td>') == 28
    assert "42 ms" in page
    tiles = dict(re.findall(r'tile-name">(?:<a[^>]*>)?([^<]+).*?tile-value">([^<]+)', page, re.DOTALL))
    assert tiles["active devices today"] == "8,642"
    assert tiles["open reports"] == "1"
    # Who may not read reports gets no link to them.
    assert "/admin/messaging/report/" not in page
    assert '<td class="number">2.0 KB</td>' in page


def test_bars_are_as_high_as_their_numbers_and_parts_fill_the_whole():
    days = [today() - timedelta(days=back) for back in (2, 1, 0)]
    bars = plot("Things", days, [10, None, 1000]).bars
    assert [bar.height for bar in bars] == [1.5, 0.0, 80.0]
    assert [bar.value for bar in bars] == ["10", "-", "1,000"]
    assert not plot("Things", days, [None, None, None]).known
    parts = shares([("a", 30), ("b", 0), ("c", 10)])
    assert [(part.x, part.width) for part in parts] == [(0.0, 75.0), (75.0, 0.0), (75.0, 25.0)]
    assert [part.width for part in shares([("a", 0)])] == [0.0]
