"""POST accounts/<account>/chain: what a browser needs that is about to become a device by the recovery key."""

import os

import pytest

from tests.api.keys_client import b64, error

pytestmark = pytest.mark.django_db


def test_a_browser_without_a_token_gets_the_whole_chain(as_nobody, as_bob, alice):
    path = f"accounts/{b64(alice.account_id)}/chain"
    assert as_nobody.post(path, {}).json() == as_bob.get(path).json()


def test_the_chain_of_nobody_is_not_found(as_nobody):
    assert error(as_nobody.post(f"accounts/{b64(os.urandom(16))}/chain", {})) == (404, "not_found")
