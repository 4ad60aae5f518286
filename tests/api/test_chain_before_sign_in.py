"""POST accounts/<account>/chain: what a browser needs that is about to become a device by a recovery token."""

import os

import pytest

from tests.api.keys_client import b64, error, recovering

pytestmark = pytest.mark.django_db


def chain_of(account_id):
    return f"accounts/{b64(account_id)}/chain"


def test_whoever_recovers_the_account_gets_the_whole_chain(as_nobody, as_bob, alice):
    path = chain_of(alice.account_id)
    assert as_nobody.post(path, {}, **recovering(alice)).json() == as_bob.get(path).json()


def test_nobody_else_does(as_nobody, as_alice, alice):
    path = chain_of(alice.account_id)
    assert error(as_nobody.post(path, {})) == (401, "unauthenticated")
    assert error(as_nobody.post(path, {}, Authorization=f"Bearer {b64(os.urandom(32))}")) == (401, "unauthenticated")
    # A device has another way, and another token.
    assert error(as_alice.post(path, {})) == (401, "unauthenticated")


def test_the_chain_of_another_account_is_not_found_as_that_of_nobody(as_nobody, alice, bob):
    for account_id in (bob.account_id, os.urandom(16)):
        assert error(as_nobody.post(chain_of(account_id), {}, **recovering(alice))) == (404, "not_found")
