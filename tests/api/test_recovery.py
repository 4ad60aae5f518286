"""POST recovery/challenge, recovery/sign_in; and what a recovery token is good for."""

import os
import time
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from keys import base64url, clock, ed25519, nonces, services
from keys.models import RecoveryToken
from talk2me import limits
from tests import factories
from tests.api.keys_client import b64, error

pytestmark = pytest.mark.django_db


def challenge(api, **whom):
    return api.post("recovery/challenge", whom).json()


def proof(account, told, key=None):
    key = key or account.recovery_key
    signature = factories.sign_recovery(account, base64url.decode(told["nonce"]), key)
    ids = {"account": b64(account.account_id), "key": b64(factories.public(key))}
    return {**ids, "nonce": told["nonce"], "signature": b64(signature)}


def attempt(api, account, key=None, **changed):
    told = challenge(api, account=b64(account.account_id))
    return api.post("recovery/sign_in", proof(account, told, key) | changed)


def bearer(answer):
    return {"Authorization": f"Bearer {answer.json()['token']}"}


@pytest.mark.parametrize("typed", ["beatrix", "BEATRIX", "ｂeatrix"])  # noqa: RUF001
def test_name_and_recovery_key_give_a_token_that_reads_the_vault(as_nobody, typed):
    beatrix = factories.make_account("beatrix")
    services.store_vault(beatrix.account_id, beatrix.device.device_id, 7, b"sealed")
    told = challenge(as_nobody, username=typed)
    assert told["account"] == b64(beatrix.account_id)
    answer = as_nobody.post("recovery/sign_in", proof(beatrix, told))
    assert 598 <= answer.json()["expires_in"] <= 660
    assert as_nobody.get("vault", **bearer(answer)).json() == {"version": 7, "vault": b64(b"sealed")}
    assert base64url.decode(answer.json()["token"], 32) not in RecoveryToken.objects.values_list().get()


def test_a_recovery_token_opens_nothing_else(as_nobody, alice):
    token = bearer(attempt(as_nobody, alice))
    for method, path in [
        ("get", "settings"),
        ("get", "devices"),
        ("get", "key_packages"),
        ("get", f"accounts/{b64(alice.account_id)}/chain"),
        ("delete", "reset_permit"),
        ("put", "vault"),
        ("post", "sign_out"),
    ]:
        body = {"version": 1, "vault": "AA"} if method == "put" else {}
        answer = as_nobody.call(method, path, body if method in ("put", "post") else None, **token)
        assert error(answer) == (401, "unauthenticated"), path


def test_a_device_reads_the_vault_with_its_own_token(as_alice, alice):
    services.store_vault(alice.account_id, alice.device.device_id, 1, b"sealed")
    assert as_alice.get("vault").json()["version"] == 1


def test_a_nonce_gives_one_token(as_nobody, alice):
    body = proof(alice, challenge(as_nobody, account=b64(alice.account_id)))
    assert as_nobody.post("recovery/sign_in", body).status_code == 200
    assert error(as_nobody.post("recovery/sign_in", body)) == (401, "recovery_refused")


def refused_accounts(alice, bob):
    """Each with what is wrong: the account as which, and the key by which the attempt is made."""
    suspended = factories.make_account()
    services.suspend_account(suspended.account_id)
    rotated = factories.make_account()
    old = rotated.recovery_key
    factories.rotate_recovery_key(rotated)
    return {
        "an unknown account": (factories.FakeAccount("nobody"), None),
        "a suspended account": (suspended, None),
        "a key of nobody": (alice, Ed25519PrivateKey.generate()),
        "a key of another account": (alice, bob.recovery_key),
        "the identity key": (alice, alice.identity_key),
        "a device's key": (alice, alice.device.sign_in_key),
        "a key that another has replaced": (rotated, old),
    }


WRONG = ["an unknown account", "a suspended account", "a key of nobody", "a key of another account"]
WRONG += ["the identity key", "a device's key", "a key that another has replaced"]


@pytest.mark.parametrize("what", WRONG)
def test_every_refusal_is_the_same_answer(as_nobody, alice, bob, what):
    account, key = refused_accounts(alice, bob)[what]
    known = challenge(as_nobody, account=b64(alice.account_id))
    asked = challenge(as_nobody, account=b64(account.account_id))
    assert known.keys() == asked.keys()
    assert (len(known["nonce"]), known["expires_in"]) == (len(asked["nonce"]), asked["expires_in"])
    answer = attempt(as_nobody, account, key)
    reference = attempt(as_nobody, alice, signature=b64(bytes(64)))
    assert error(answer) == (401, "recovery_refused")
    assert answer.content == reference.content
    assert answer.headers == reference.headers
    assert not RecoveryToken.objects.exists()


def test_an_unknown_account_costs_the_queries_of_a_known_one(
    as_nobody, alice, bob, django_assert_num_queries, monkeypatch
):
    checked = []
    real = ed25519.verify
    attempts = refused_accounts(alice, bob).values()
    monkeypatch.setattr("keys.ed25519.verify", lambda *given: checked.append(1) or real(*given))
    for account, key in attempts:
        with django_assert_num_queries(1):
            told = challenge(as_nobody, username=account.username)
        assert told.keys() == {"account", "nonce", "expires_in"}
        body = proof(account, challenge(as_nobody, account=b64(account.account_id)), key)
        with django_assert_num_queries(1):
            as_nobody.post("recovery/sign_in", body)
    assert len(checked) == len(attempts)


def test_an_unknown_name_takes_the_time_of_a_known_one(as_nobody, alice):
    def seconds(username):
        begin = time.perf_counter()
        challenge(as_nobody, username=username)
        return time.perf_counter() - begin

    # In turn, and the quickest of each, so that what else the machine does counts least.
    taken = [(seconds(alice.username), seconds(f"nobody{n}")) for n in range(40)]
    known, unknown = (min(times) for times in zip(*taken, strict=True))
    assert 2 / 3 < known / unknown < 3 / 2


def test_a_name_that_nobody_has_is_answered_with_an_account_that_stays_the_same(as_nobody, alice):
    asked = [challenge(as_nobody, username=name)["account"] for name in ("nobody", "NOBODY", "ｎobody")]  # noqa: RUF001
    assert len(set(asked)) == 1
    assert len(base64url.decode(asked[0])) == 16
    # A name that can't be one, and one that only looks alike, as a real one's would.
    others = [challenge(as_nobody, username=name)["account"] for name in ("no body", "n0body", alice.username)]
    assert len({*asked, *others}) == 4


@pytest.mark.parametrize("nonce", [b"", bytes(56), bytes(57), os.urandom(56)])
def test_a_nonce_that_was_never_given_is_refused(as_nobody, alice, nonce):
    body = proof(alice, {"nonce": b64(nonce)})
    assert error(as_nobody.post("recovery/sign_in", body)) == (401, "recovery_refused")


def test_a_nonce_of_another_account_or_purpose_is_refused(as_nobody, alice, bob):
    of_bob = challenge(as_nobody, account=b64(bob.account_id))
    of_device = services.start_sign_in(alice.account_id, alice.device.device_id)[0]
    for told in (of_bob, {"nonce": b64(of_device)}):
        assert error(as_nobody.post("recovery/sign_in", proof(alice, told))) == (401, "recovery_refused")


def test_a_nonce_is_refused_after_its_time(as_nobody, alice, monkeypatch):
    monkeypatch.setattr(nonces.time, "time", lambda now=time.time: now() - nonces.SECONDS)
    told = challenge(as_nobody, account=b64(alice.account_id))
    monkeypatch.undo()
    assert error(as_nobody.post("recovery/sign_in", proof(alice, told))) == (401, "recovery_refused")


def test_a_signature_for_another_server_is_refused(as_nobody, alice, settings):
    told = challenge(as_nobody, account=b64(alice.account_id))
    settings.ORIGIN = "https://other.example"
    body = proof(alice, told)
    settings.ORIGIN = "http://127.0.0.1:8000"
    assert error(as_nobody.post("recovery/sign_in", body)) == (401, "recovery_refused")


@pytest.mark.parametrize("body", [{}, {"username": "alice", "account": "A" * 22}, {"username": ""}, {"account": "A"}])
def test_a_challenge_is_for_a_name_or_an_account(as_nobody, body):
    assert error(as_nobody.post("recovery/challenge", body)) == (400, "bad_request")


def test_a_recovery_token_ends(as_nobody, alice):
    token = bearer(attempt(as_nobody, alice))
    RecoveryToken.objects.update(expires=clock.now() - timedelta(minutes=1))
    assert error(as_nobody.get("vault", **token)) == (401, "token_expired")
    RecoveryToken.objects.update(expires=clock.now() - timedelta(days=2))
    services.delete_expired()
    assert error(as_nobody.get("vault", **token)) == (401, "unauthenticated")


def test_a_recovery_token_ends_with_the_key_that_gave_it(as_nobody, alice):
    services.store_vault(alice.account_id, alice.device.device_id, 1, b"sealed")
    token = bearer(attempt(as_nobody, alice))
    assert as_nobody.get("vault", **token).status_code == 200
    factories.rotate_recovery_key(alice)
    assert error(as_nobody.get("vault", **token)) == (401, "token_expired")


def test_a_suspended_account_is_not_recovered(as_nobody, alice):
    token = bearer(attempt(as_nobody, alice))
    services.suspend_account(alice.account_id)
    assert error(as_nobody.get("vault", **token)) == (403, "device_revoked")


def test_one_address_proves_only_so_often(as_nobody, alice, settings):
    limits.forget_all()
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"recovery": "2/hour"}
    answers = [attempt(as_nobody, alice, signature=b64(bytes(64))) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [401, 401, 429]
    assert error(as_nobody.post("reset/start", {"username": "alice", "code": "x"})) == (429, "rate_limited")
    limits.forget_all()
