"""Whom operators keep from strangers begins nothing with anybody new, and goes on with everybody it knows."""

import hashlib
import os

import pytest

from keys import selectors, services
from keys.models import Account
from tests import factories
from tests.api.filled_account import mailbox
from tests.api.keys_client import Api, b64, error

pytestmark = pytest.mark.django_db
REFUSED = (403, "claim_refused")


@pytest.fixture
def kept(alice):
    services.keep_from_strangers(alice.account_id)
    return alice


@pytest.fixture
def as_kept(client, kept):
    return Api(client, kept.device)


def claim(api, account, **more):
    return api.post("key_packages/claim", {"account": b64(account.account_id), "suite": 1, **more})


@pytest.fixture
def bob_has_packages(bob):
    packages = [factories.make_key_package(bob.device) for _ in range(3)]
    services.publish_key_packages(bob.device.device_id, 1, packages)


def test_nobody_is_open_to_it(as_kept, kept, bob, bob_has_packages):
    assert error(claim(as_kept, bob)) == REFUSED
    assert selectors.who_may_be_added(kept.account_id, [bob.account_id]) == set()
    services.let_to_strangers(kept.account_id)
    assert claim(as_kept, bob).status_code == 200
    assert selectors.who_may_be_added(kept.account_id, [bob.account_id]) == {bob.account_id}


def test_who_shares_a_conversation_or_has_invited_it_is_no_stranger(as_kept, kept, bob, bob_has_packages):
    token = os.urandom(16)
    services.create_invitation(bob.account_id, hashlib.sha256(token).digest(), 3600)
    assert claim(as_kept, bob, invitation=b64(token)).status_code == 200
    assert selectors.who_may_be_added(kept.account_id, [bob.account_id]) == {bob.account_id}
    mailbox(2, kept, bob, sizes=[10])
    assert claim(as_kept, bob).status_code == 200


def test_it_is_told_to_its_owner_and_takes_nothing_else(as_kept, kept, bob):
    assert as_kept.get("account").json()["account"]["kept_from_strangers"] is True
    packages = [factories.make_key_package(kept.device)]
    services.publish_key_packages(kept.device.device_id, 1, packages)
    assert len(services.claim_key_packages(bob.account_id, bob.device.device_id, kept.account_id, 1)) == 1
    assert claim(as_kept, kept).json() == {"devices": []}
    assert not Account.objects.get(uid=bob.account_id).kept_from_strangers
