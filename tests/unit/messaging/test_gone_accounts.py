"""Rows of an account are made only while it is there."""

import os

import pytest

from keys.services import delete_account
from messaging.models import Mailbox, MailboxKind, PushSubscription
from messaging.services.create_mailbox import create_mailbox
from messaging.services.push_subscriptions import subscribe_push
from talk2me.errors import Unauthenticated
from tests.factories import make_account


@pytest.mark.django_db
@pytest.mark.parametrize("kind", [MailboxKind.CONVERSATION, MailboxKind.ARCHIVE])
def test_an_account_that_is_gone_gets_no_mailbox(kind):
    account = make_account()
    delete_account(account.account_id)
    with pytest.raises(Unauthenticated):
        create_mailbox(account.account_id, account.device.device_id, os.urandom(16), kind)
    assert not Mailbox.objects.filter(kind=kind).exists()


@pytest.mark.django_db
def test_a_device_that_is_gone_is_told_by_no_push(monkeypatch):
    monkeypatch.setattr("messaging.services.push_subscriptions.read_endpoint", lambda _endpoint: None)
    account = make_account()
    delete_account(account.account_id)
    with pytest.raises(Unauthenticated):
        subscribe_push(account.device.device_id, "https://push.example/1")
    assert not PushSubscription.objects.exists()
