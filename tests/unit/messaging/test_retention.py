"""`manage.py retention`: a dry run changes nothing and counts what --apply then does."""

import time
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from messaging.models import Attachment, Envelope, Mailbox, MailboxKind, Membership, Subscription
from messaging.services import shorten_retention
from messaging.services.expire_envelopes import bury_expired
from messaging.services.store_attachment import EACH_BYTES

DAY = 24 * 3600
ALICE, BOB = b"a" * 16, b"b" * 16
pytestmark = pytest.mark.django_db


def make_mailbox(kind: MailboxKind, accounts: list[bytes], *days_ago: float, kept: int = 30) -> Mailbox:
    mailbox = Mailbox.objects.create(id=bytes([Mailbox.objects.count()] * 16), kind=kind, minute=0, head=len(days_ago))
    for account in accounts:
        Membership.objects.create(mailbox=mailbox, account=account)
        Subscription.objects.create(mailbox=mailbox, device=account, account=account, first=1, acknowledged=0)
    for place, days in enumerate(days_ago, start=1):
        minute = int(time.time() - days * DAY) // 60 * 60
        expires = None if kind == MailboxKind.ARCHIVE else minute + 60 + kept * DAY
        row = {"id": bytes([place] * 16), "kind": 1, "slot": 0, "hash": bytes(32), "minute": minute, "expires": expires}
        Envelope.objects.create(mailbox=mailbox, sequence=place, body=bytes(100), **row)
    mailbox.bytes = 100 * len(days_ago)
    mailbox.save()
    return mailbox


def send(number: int, days_left: int | None, size: int = 1000) -> None:
    expires = None if days_left is None else int(time.time()) + days_left * DAY
    row = {"id": bytes([number] * 16), "account": ALICE, "part": 1024, "keep": days_left is None, "expires": expires}
    Attachment.objects.create(size=size, offset=size, **row)


def run(*words: str) -> list[str]:
    out = StringIO()
    call_command("retention", *words, stdout=out)
    return out.getvalue().splitlines()


def everything() -> list:
    return [list(model.objects.order_by("pk").values()) for model in (Mailbox, Envelope, Subscription, Attachment)]


@pytest.fixture
def stored() -> None:
    make_mailbox(MailboxKind.CONVERSATION, [ALICE, BOB], 1, 6, 8, 20)
    make_mailbox(MailboxKind.DEVICE, [ALICE], 8)
    make_mailbox(MailboxKind.ARCHIVE, [ALICE], 8, 100, 1000)
    send(1, 3)
    send(2, 20)
    send(3, None)


def test_a_dry_run_counts_by_kind_and_changes_nothing(stored: None) -> None:
    before = everything()
    assert run("--envelope-days", "7", "--attachment-days", "7") == [
        "ENVELOPE_DAYS=7, invitations that wait for devices: 1 envelopes, 100 bytes would go",
        "ENVELOPE_DAYS=7, conversations: 2 envelopes, 200 bytes would go",
        "ATTACHMENT_DAYS=7: 1 files, 1000 bytes would go 7 days from now, and stay longer otherwise",
        "Nothing was changed.",
    ]
    assert everything() == before


def test_days_that_are_applied_let_go_of_what_was_counted(stored: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shorten_retention, "BATCH", 2)
    run("--envelope-days", "7", "--attachment-days", "7", "--apply")
    while bury_expired():
        pass
    gone = Envelope.objects.filter(body=None).values_list("mailbox__kind", flat=True)
    assert sorted(gone) == [MailboxKind.DEVICE, MailboxKind.CONVERSATION, MailboxKind.CONVERSATION]
    # What stays ends as if it had come with these days; archives never end.
    assert set(Envelope.objects.filter(expires=None, body__isnull=False).values_list("mailbox__kind", flat=True)) == {
        MailboxKind.ARCHIVE
    }
    ends = Attachment.objects.order_by("id").values_list("expires", flat=True)
    assert [None if end is None else round((end - time.time()) / DAY) for end in ends] == [3, 7, None]
    # Once more, and nothing is to be done.
    assert run("--envelope-days", "7", "--apply")[2:3] == ["0 envelopes end sooner now; the jobs delete what is due."]


def test_the_days_that_hold_already_change_nothing(stored: None) -> None:
    before = everything()
    assert "0 envelopes end sooner now" in "".join(run("--envelope-days", "30", "--apply"))
    assert everything() == before


def test_quotas_say_who_would_be_full(stored: None) -> None:
    before = everything()
    assert run("--archive-quota", "300", "--account-quota", "500", "--attachment-quota", str(4 * EACH_BYTES)) == [
        "ARCHIVE_QUOTA_BYTES=300: 1 archives would take nothing more; nothing in them would go",
        # Half of the conversation, her device's mailbox and her archive are 600 bytes; Bob has 200.
        "ACCOUNT_QUOTA_BYTES=500: 1 accounts could send nothing until less is stored for them; nothing would go",
        (
            f"ATTACHMENT_QUOTA_BYTES={4 * EACH_BYTES}: 1 accounts could send no more files until some of theirs have "
            "gone; nothing would go"
        ),
        "Nothing was changed.",
    ]
    assert "0 accounts" in run("--account-quota", "601")[0]
    assert "0 archives" in run("--archive-quota", "301")[0]
    assert "0 accounts" in run("--attachment-quota", str(5 * EACH_BYTES))[0]
    assert everything() == before


def test_a_mailbox_quota_says_what_idle_devices_cost(stored: None) -> None:
    Subscription.objects.filter(device=BOB).update(acknowledged=3)
    before = everything()
    assert run("--mailbox-quota", "400")[0] == (
        "MAILBOX_QUOTA_BYTES=400: 1 conversations would let go of what waits for 1 devices that are away, 3 envelopes, "
        "300 bytes, when somebody writes there next; 0 more would take nothing until something is read or expires"
    )
    assert everything() == before


@pytest.mark.parametrize("words", [[], ["--apply"], ["--envelope-days", "0"], ["--account-quota", "500", "--apply"]])
def test_what_can_not_be_meant_is_refused(words: list[str]) -> None:
    with pytest.raises(CommandError):
        run(*words)
