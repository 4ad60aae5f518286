"""What has grown is measured by the day on which it came; what was fetched and deleted meanwhile counts for nothing."""

import time
from datetime import timedelta
from io import StringIO
from math import inf

import pytest
from django.core.management import call_command
from django.utils import timezone

from messaging.models import Attachment, Envelope, Mailbox, MailboxKind
from operators.models import DailyCount
from talk2me import growth, growth_by_totals
from talk2me.growth import DAY, ROW_BYTES
from talk2me.growth_by_totals import KINDS
from tests.factories import make_account

MIB = 1024**2
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def old(monkeypatch: pytest.MonkeyPatch, settings) -> None:
    settings.ENVELOPE_DAYS, settings.ATTACHMENT_DAYS = 30, 30
    monkeypatch.setattr(growth, "server_age", lambda: 20.0)


def write(kind: MailboxKind, *days_ago: float) -> None:
    mailbox = Mailbox.objects.create(id=bytes([kind] * 16), kind=kind, minute=0)
    for place, days in enumerate(days_ago, start=1):
        minute = int(time.time() - days * DAY)
        row = {"id": bytes([place] * 16), "kind": 1, "slot": 0, "hash": bytes(32), "minute": minute}
        Envelope.objects.create(mailbox=mailbox, sequence=place, body=bytes(MIB - ROW_BYTES), **row)


def send(number: int, *, days_left: float | None, keep: bool = False) -> None:
    expires = None if days_left is None else int(time.time() + days_left * DAY)
    row = {"id": bytes([number] * 16), "account": bytes(16), "part": MIB, "keep": keep, "expires": expires}
    Attachment.objects.create(size=7 * MIB, offset=7 * MIB, **row)


def measured() -> dict[str, tuple[float, float]]:
    flows = growth.forecast().flows
    return {flow.kind: (round(flow.per_day / MIB, 3), flow.days) for flow in flows if flow.per_day}


def test_each_kind_grows_by_what_came_in_the_window_for_as_long_as_it_is_kept() -> None:
    # Today's does not count, nor what came before the window.
    write(MailboxKind.ARCHIVE, 0.5, *[2] * 10, 14, 16)
    write(MailboxKind.CONVERSATION, 3, 4, 5, 6, 7, 8, 9)
    send(1, days_left=28)
    send(2, days_left=29.5)
    send(3, days_left=14)
    send(4, days_left=None, keep=True)
    assert measured() == {
        "archives": (round(11 / 14, 3), inf),
        "envelopes not fetched yet": (0.5, 10),
        "files that were sent": (0.5, 10),
        "files that people keep": (round(7 / 20, 3), inf),
    }


def test_files_of_an_object_store_fill_no_disk_of_ours_and_a_disk_of_the_database_has_the_database_alone(
    settings,
) -> None:
    write(MailboxKind.ARCHIVE, 2)
    send(1, days_left=28)
    assert len(measured()) == 2
    assert {flow.kind for flow in growth.forecast(free=MIB).flows if flow.per_day} == {"archives"}
    assert growth.forecast(free=MIB).day == pytest.approx(14)
    settings.ATTACHMENT_STORAGE = "s3"
    assert set(measured()) == {"archives"}


def count(days_ago: int, **stored: int) -> None:
    names = {name: 0 for kind in KINDS for name in kind.names}
    for name, mib in (names | {f"stored_{name}": mib for name, mib in stored.items()}).items():
        DailyCount.objects.create(day=timezone.now().date() - timedelta(days=days_ago), name=name, value=mib * MIB)


def test_what_was_counted_on_each_day_goes_first_once_there_is_a_week_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(growth_by_totals, "_database_bytes", lambda: 300 * MIB)
    write(MailboxKind.ARCHIVE, *[2] * 14)
    count(6, archives=10)
    count(0, archives=100)
    assert measured() == {"archives": (1, inf)}
    # Of a day on which not everything was counted nothing is taken; nor of one before the window.
    DailyCount.objects.create(day=timezone.now().date() - timedelta(days=9), name="stored_archives", value=0)
    count(20, archives=0)
    assert measured() == {"archives": (1, inf)}
    count(8, archives=60, conversations=20, files=80, kept_files=4, vaults=5)
    count(1, archives=0)
    # 40 MiB in eight days, in a database that is three times as large as what is in it; what is less now is no growth.
    assert measured() == {"archives": (15, inf)}
    DailyCount.objects.filter(name="stored_files", day=timezone.now().date()).update(value=160 * MIB)
    assert measured() == {"archives": (15, inf), "files that were sent": (10, 10)}
    found = growth.forecast()
    assert found.days_measured == 8
    assert {flow.kind for flow in growth.forecast(free=MIB).flows} == {kind.words for kind in KINDS if kind.in_database}


def test_the_size_of_the_database_is_what_it_says() -> None:
    assert 0 < growth_by_totals._database_bytes() < 2**32  # noqa: SLF001 - asked of either database
    assert growth_by_totals._factor(0) == 1  # noqa: SLF001


def said(*words: str) -> str:
    out = StringIO()
    call_command("forecast", *words, stdout=out)
    return out.getvalue()


def test_the_command_says_it_in_days(monkeypatch: pytest.MonkeyPatch) -> None:
    write(MailboxKind.ARCHIVE, *[2] * 14)
    found = said("--free", str(41 * MIB))
    assert "free: 41.0 MB; measured over 14 days" in found
    assert "archives: 1.0 MB a day, for good" in found
    assert "envelopes not fetched yet: 0 bytes a day, for 10 days yet, then as much goes" in found
    assert found.endswith("At this rate full in 41 days.\n")
    Envelope.objects.all().delete()
    assert said("--free", "1").endswith("At this rate it is never full.\n")
    monkeypatch.setattr(growth, "server_age", lambda: 1.0)
    assert said() == "This server is younger than 2 days: ask again later.\n"


def test_the_age_is_that_of_the_key_log(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert growth.server_age() == 0
    make_account()
    now = time.time
    monkeypatch.setattr(growth.time, "time", lambda: now() + 3 * DAY)
    assert growth.server_age() == pytest.approx(3, abs=0.1)
