"""What operators see of mailboxes: counts, sizes and ages, nothing of what is in them, and nothing to change."""

import pytest
from django.contrib.auth import get_user_model

from messaging.clock import this_minute
from messaging.models import Envelope, GroupInfo, Mailbox, MailboxKind, Subscription
from talk2me.security_headers import for_admin

ID = bytes.fromhex("c0ffee") + bytes(13)


@pytest.fixture
def operator(client, db):
    client.force_login(get_user_model().objects.create_superuser("operator", "", "password"))
    mailbox = Mailbox.objects.create(
        id=ID, kind=MailboxKind.CONVERSATION, head=2**32 + 2, gone=1, bytes=2048, slot=2, minute=this_minute()
    )
    # Put back once: the numbers in between were never given.
    Envelope.objects.create(mailbox=mailbox, sequence=2**32 + 2, id=bytes(16), kind=5, slot=2, hash=ID, minute=0)
    Envelope.objects.create(
        mailbox=mailbox, sequence=2, id=ID, kind=1, slot=2, body=b"canary body", hash=b"canary hash".ljust(32),
        minute=this_minute(), commitment=b"canary commitment".ljust(32), franking=b"canary franking".ljust(32),
    )  # fmt: skip
    GroupInfo.objects.create(mailbox=mailbox, sequence=1, slot=1, body=b"canary group info")
    Subscription.objects.create(mailbox=mailbox, device=ID, account=ID, first=1, acknowledged=1)
    return client


@pytest.mark.parametrize("page", ["mailbox", "subscription"])
def test_the_lists_show_no_content_and_obey_the_policy(operator, page):
    answer = operator.get(f"/admin/messaging/{page}/")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert answer["Content-Security-Policy"] == for_admin()["Content-Security-Policy"]
    assert "c0ffee" in text
    assert "canary" not in text
    assert "style=" not in text
    assert "<script>" not in text


def test_the_list_of_mailboxes_shows_sizes_and_counts(operator):
    text = operator.get("/admin/messaging/mailbox/").content.decode()
    assert "2.0\xa0KB" in text
    assert 'class="field-waiting">2<' in text
    assert 'class="field-subscribers">1<' in text


def test_the_list_of_subscriptions_shows_how_far_behind_a_device_is(operator):
    assert 'class="field-behind">2<' in operator.get("/admin/messaging/subscription/").content.decode()


@pytest.mark.parametrize("page", ["mailbox", "subscription"])
def test_nothing_can_be_added_changed_or_deleted(operator, page):
    assert operator.get(f"/admin/messaging/{page}/add/").status_code in (400, 403)
    rows = [str(key) for key in Subscription.objects.values_list("pk", flat=True)]
    operator.post(f"/admin/messaging/{page}/", {"action": "delete_selected", "_selected_action": rows, "post": "yes"})
    assert Mailbox.objects.count() == Subscription.objects.count() == 1


@pytest.mark.parametrize("page", ["envelope", "groupinfo", "membership"])
def test_there_is_no_page_of_what_is_inside(operator, page):
    assert operator.get(f"/admin/messaging/{page}/").status_code == 404
