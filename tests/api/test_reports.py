"""POST reports: what is proven reaches the operators, and nothing else does."""

import hashlib
import hmac
import os

import msgspec
import pytest
from django.db import connection

from keys import services
from messaging.clock import this_minute
from messaging.franking import franking_tag
from messaging.models import Mailbox, MailboxKind, Membership, Report, Subscription
from talk2me import limits, metrics
from tests.api.keys_client import b64, error

pytestmark = pytest.mark.django_db
REFUSED = (400, "report_refused")
MAILBOX, SEQUENCE = os.urandom(16), 7


def text_content(text="nasty words"):
    return msgspec.msgpack.encode({"v": 1, "type": "text", "id": bytes(16), "time": 1, "body": {"text": text}})


def shown(sender, sent=None, **changed):
    """A report of what `sender` sent, in which every part may be another one."""
    opening, content = os.urandom(32), sent or text_content()
    said = {"mailbox": MAILBOX, "sequence": SEQUENCE, "minute": this_minute(), "account": sender.account_id}
    commitment = hmac.new(opening, b"talk2me/1 franking\0" + MAILBOX + content, hashlib.sha256).digest()
    said["franking"] = franking_tag(commitment, said["mailbox"], said["sequence"], said["account"], said["minute"])
    said |= {"commitment": commitment, "opening": opening, "content": content} | changed
    return {name: b64(value) if isinstance(value, bytes) else value for name, value in said.items()}


@pytest.fixture(autouse=True)
def mailbox(alice, bob):
    limits.forget_all()
    mailbox = Mailbox.objects.create(id=MAILBOX, kind=MailboxKind.CONVERSATION, minute=this_minute())
    for account in (alice, bob):
        Membership.objects.create(mailbox=mailbox, account=account.account_id)
    yield mailbox
    limits.forget_all()


def test_a_recipient_shows_what_was_sent_and_it_is_stored_with_nothing_more(as_alice, alice, bob):
    before = metrics.registry.get_sample_value("talk2me_reports_total")
    answer = as_alice.post("reports", shown(bob, note="this one"))
    assert (answer.status_code, answer.json()) == (201, {})
    report = Report.objects.get()
    assert (report.reporter, report.account) == (alice.account_id, bob.account_id)
    assert (report.content, report.note, report.handled) == (text_content(), "this one", False)
    assert report.minute % 60 == report.received % 60 == 0
    assert metrics.registry.get_sample_value("talk2me_reports_total") == before + 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM messaging_report")
        row = cursor.fetchone()
    assert MAILBOX not in [bytes(value) for value in row if isinstance(value, bytes | memoryview)]


def test_the_same_report_again_is_harmless(as_alice, as_bob, alice, bob):
    report = shown(bob)
    assert [as_alice.post("reports", report).status_code for _ in range(3)] == [201, 201, 201]
    assert Report.objects.count() == 1
    Report.objects.update(handled=True)
    as_alice.post("reports", report)
    assert Report.objects.get().handled


def test_two_members_may_report_one_message(as_alice, as_bob, bob):
    report = shown(bob)
    assert as_alice.post("reports", report).status_code == as_bob.post("reports", report).status_code == 201
    assert Report.objects.count() == 2


@pytest.mark.parametrize(
    "changed",
    [
        {"mailbox": os.urandom(16)},
        {"sequence": SEQUENCE + 1},
        {"minute": this_minute() - 60},
        {"account": os.urandom(16)},
        {"commitment": os.urandom(32)},
        {"commitment": bytes(32)},
        {"franking": os.urandom(32)},
        {"opening": os.urandom(32)},
        {"content": text_content("what was never said")},
        {"content": text_content() + b"\0"},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_another_word_of_it_proves_nothing(as_alice, bob, changed):
    assert error(as_alice.post("reports", shown(bob, **changed))) == REFUSED
    assert not Report.objects.exists()


def test_another_conversation_of_the_reporter_is_not_where_it_was_sent(as_alice, alice, bob):
    other = Mailbox.objects.create(id=os.urandom(16), kind=MailboxKind.CONVERSATION, minute=this_minute())
    Membership.objects.create(mailbox=other, account=alice.account_id)
    assert error(as_alice.post("reports", shown(bob, mailbox=other.id))) == REFUSED


def test_it_can_be_put_on_nobody_else(as_alice, alice, bob):
    for account in (alice.account_id, os.urandom(16)):
        assert error(as_alice.post("reports", shown(bob, account=account))) == REFUSED


def test_a_commitment_made_up_for_another_content_has_no_tag_of_ours(as_alice, bob):
    """The reporter can commit to anything, but only the server makes tags."""
    opening, content = os.urandom(32), text_content("what was never said")
    commitment = hmac.new(opening, b"talk2me/1 franking\0" + MAILBOX + content, hashlib.sha256).digest()
    forged = shown(bob, opening=opening, content=content, commitment=commitment)
    assert error(as_alice.post("reports", forged)) == REFUSED


def test_the_tag_of_an_envelope_without_commitment_proves_no_content(as_alice, bob):
    tag = franking_tag(bytes(32), MAILBOX, SEQUENCE, bob.account_id, this_minute())
    assert error(as_alice.post("reports", shown(bob, commitment=bytes(32), franking=tag))) == REFUSED


def test_a_tag_under_another_key_is_none(as_alice, bob, settings):
    report = shown(bob)
    settings.FRANKING_KEY += "."
    assert error(as_alice.post("reports", report)) == REFUSED


def test_who_is_no_member_is_refused_alike(as_alice, bob, alice):
    report = shown(bob)
    Membership.objects.filter(account=alice.account_id).delete()
    forged = as_alice.post("reports", shown(bob, franking=os.urandom(32)))
    answer = as_alice.post("reports", report)
    assert error(answer) == REFUSED
    assert answer.content == forged.content
    assert not Report.objects.exists()


def test_who_was_put_out_still_reports_what_it_could_read(as_alice, alice, bob):
    Membership.objects.filter(account=alice.account_id).delete()
    subscription = Subscription(mailbox_id=MAILBOX, device=alice.device.device_id, account=alice.account_id)
    for first, last, expected in ((8, None, 400), (1, 6, 400), (1, 7, 201), (7, None, 201)):
        subscription.first, subscription.last, subscription.acknowledged = first, last, 0
        subscription.save()
        assert as_alice.post("reports", shown(bob)).status_code == expected, (first, last)


def test_what_another_account_could_read_is_not_for_this_one_to_report(as_alice, alice, bob):
    Membership.objects.filter(account=alice.account_id).delete()
    Subscription.objects.create(
        mailbox_id=MAILBOX, device=bob.device.device_id, account=bob.account_id, first=1, acknowledged=0
    )
    assert error(as_alice.post("reports", shown(bob))) == REFUSED


def test_without_token_nobody_reports(as_nobody, bob):
    assert error(as_nobody.post("reports", shown(bob))) == (401, "unauthenticated")


@pytest.mark.parametrize(
    "changed",
    [
        {"mailbox": b64(bytes(15))}, {"opening": b64(bytes(31))}, {"opening": b64(bytes(33))}, {"content": ""},
        {"content": "a+b="}, {"sequence": -1}, {"sequence": "7"}, {"minute": 2**53}, {"note": "x" * 1001},
        {"note": None}, {"note": "\0"}, {"more": 1},
    ],
)  # fmt: skip
def test_a_report_is_as_described_and_nothing_else(as_alice, bob, changed):
    assert error(as_alice.post("reports", shown(bob) | changed)) == (400, "bad_request")


def test_a_content_over_the_limit_of_envelopes_is_refused(as_alice, bob):
    assert error(as_alice.post("reports", shown(bob, bytes(256 * 1024 + 1)))) == (413, "too_large")
    assert error(as_alice.post("reports", shown(bob, bytes(512 * 1024)))) == (413, "too_large")


def test_one_account_reports_only_so_often_in_a_day(as_alice, as_bob, bob, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"report": "2/day"}
    assert as_alice.post("reports", shown(bob)).status_code == 201
    assert error(as_alice.post("reports", shown(bob, sequence=1))) == REFUSED
    assert error(as_alice.post("reports", shown(bob))) == (429, "rate_limited")
    assert as_bob.post("reports", shown(bob)).status_code == 201


def test_what_a_deleted_account_sent_can_still_be_reported(as_alice, bob):
    report = shown(bob)
    services.delete_account(bob.account_id)
    assert as_alice.post("reports", report).status_code == 201


def test_nothing_of_a_report_is_logged(as_alice, bob, caplog):
    report = shown(bob, text_content("cormorant"), note="pelican")
    with caplog.at_level("DEBUG"):
        as_alice.post("reports", report)
        as_alice.post("reports", report | {"minute": 60})
    told = [record.getMessage() for record in caplog.records if record.name != "django.db.backends"]
    assert [line for line in told if "cormorant" in line or "pelican" in line or MAILBOX.hex() in line] == []
