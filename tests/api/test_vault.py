"""GET and PUT vault."""

import os

import pytest

from keys.models import Vault
from tests.api.keys_client import b64, error

pytestmark = pytest.mark.django_db


def store(api, version, body=b"sealed"):
    return api.put("vault", {"version": version, "vault": b64(body)})


def test_a_vault_is_given_back_as_it_came(as_alice, as_bob):
    assert error(as_alice.get("vault")) == (404, "not_found")
    assert store(as_alice, 1).json() == {"version": 1}
    assert as_alice.get("vault").json() == {"version": 1, "vault": b64(b"sealed")}
    assert error(as_bob.get("vault")) == (404, "not_found")


def test_only_a_newer_version_is_stored(as_alice):
    store(as_alice, 1)
    assert store(as_alice, 2, b"second").json() == {"version": 2}
    for version in (1, 2):
        assert error(store(as_alice, version, b"other")) == (409, "vault_conflict")
    assert as_alice.get("vault").json() == {"version": 2, "vault": b64(b"second")}


def test_what_came_after_a_backup_that_was_put_back_is_stored_as_newer(as_alice):
    store(as_alice, 3)
    assert store(as_alice, 8, b"eighth").json() == {"version": 8}
    assert as_alice.get("vault").json() == {"version": 8, "vault": b64(b"eighth")}


def test_no_device_uses_up_the_versions(as_alice):
    assert error(store(as_alice, 1_000_001)) == (409, "vault_conflict")
    store(as_alice, 2)
    assert error(store(as_alice, 1_000_003)) == (409, "vault_conflict")
    assert as_alice.get("vault").json()["version"] == 2


def test_the_same_vault_again_changes_nothing(as_alice):
    assert store(as_alice, 1).json() == store(as_alice, 1).json() == {"version": 1}
    assert Vault.objects.get().version == 1


def test_a_vault_has_a_limit(as_alice):
    largest = os.urandom(1024 * 1024)
    assert store(as_alice, 1, largest).status_code == 200
    assert error(store(as_alice, 2, largest + b"x")) == (413, "too_large")
    assert error(store(as_alice, 2, largest * 2)) == (413, "too_large")
    assert as_alice.get("vault").json()["version"] == 1


@pytest.mark.parametrize("body", [{"version": 0, "vault": "AA"}, {"version": 1, "vault": ""}, {"version": 1}])
def test_a_vault_without_version_or_bytes_is_refused(as_alice, body):
    assert error(as_alice.put("vault", body)) == (400, "bad_request")
