"""POST sign_in/challenge, sign_in, sign_out; and what a token is good for."""

import os
import time
from datetime import timedelta

import pytest

from keys import base64url, clock, ed25519, services
from keys.models import AccessToken, Device
from talk2me import limits
from tests import factories
from tests.api.keys_client import Api, b64, error, service_module

pytestmark = pytest.mark.django_db


def challenge(api, device):
    ids = {"account": b64(device.account_id), "device": b64(device.device_id)}
    return ids, api.post("sign_in/challenge", ids).json()


def attempt(api, device, **changed):
    ids, told = challenge(api, device)
    signature = b64(factories.sign_challenge(device, base64url.decode(told["nonce"])))
    return api.post("sign_in", {**ids, "nonce": told["nonce"], "signature": signature, **changed})


def test_a_device_signs_in_and_its_token_is_kept_only_as_a_hash(as_nobody, alice, settings):
    answer = attempt(as_nobody, alice.device).json()
    token = base64url.decode(answer["token"], 32)
    assert settings.TOKEN_SECONDS - 2 <= answer["expires_in"] <= settings.TOKEN_SECONDS + 60
    signed_in = services.authenticate_token(token)
    assert (signed_in.account, signed_in.device) == (alice.account_id, alice.device.device_id)
    row = AccessToken.objects.values_list().get()
    assert token not in row
    assert Device.objects.get(uid=alice.device.device_id).last_seen == clock.today()


def test_a_nonce_gives_one_token(as_nobody, alice):
    ids, told = challenge(as_nobody, alice.device)
    signature = b64(factories.sign_challenge(alice.device, base64url.decode(told["nonce"])))
    body = {**ids, "nonce": told["nonce"], "signature": signature}
    assert as_nobody.post("sign_in", body).status_code == 200
    assert error(as_nobody.post("sign_in", body)) == (401, "sign_in_refused")


def test_a_nonce_stays_used_after_signing_out(as_nobody, alice):
    ids, told = challenge(as_nobody, alice.device)
    signature = b64(factories.sign_challenge(alice.device, base64url.decode(told["nonce"])))
    body = {**ids, "nonce": told["nonce"], "signature": signature}
    token = as_nobody.post("sign_in", body).json()["token"]
    as_nobody.post("sign_out", {}, Authorization=f"Bearer {token}")
    assert error(as_nobody.post("sign_in", body)) == (401, "sign_in_refused")


def refusals(alice, bob):
    """Each with what is wrong, and the device as which the attempt is made."""
    stranger = factories.FakeDevice(os.urandom(16))
    removed = factories.add_device(alice)
    factories.remove_device(alice, removed)
    crossed = factories.FakeDevice(alice.account_id, device_id=bob.device.device_id, sign_in_key=bob.device.sign_in_key)
    wrong_key = factories.FakeDevice(alice.account_id, device_id=alice.device.device_id)
    return {"unknown": stranger, "removed": removed, "of another account": crossed, "with another key": wrong_key}


@pytest.mark.parametrize("who", ["unknown", "removed", "of another account", "with another key"])
def test_every_refusal_is_the_same_answer(as_nobody, alice, bob, who):
    device = refusals(alice, bob)[who]
    known, asked = challenge(as_nobody, alice.device)[1], challenge(as_nobody, device)[1]
    assert known.keys() == asked.keys()
    assert len(known["nonce"]) == len(asked["nonce"])
    assert known["expires_in"] == asked["expires_in"]
    answer = attempt(as_nobody, device)
    reference = attempt(as_nobody, alice.device, signature=b64(bytes(64)))
    assert error(answer) == (401, "sign_in_refused")
    assert answer.content == reference.content
    assert answer.headers == reference.headers


def test_an_unknown_device_costs_the_queries_of_a_known_one(
    as_nobody, alice, bob, django_assert_num_queries, monkeypatch
):
    checked = []
    real = ed25519.verify
    monkeypatch.setattr("keys.ed25519.verify", lambda *given: checked.append(1) or real(*given))
    devices = refusals(alice, bob)
    checked.clear()
    for device in devices.values():
        ids = {"account": b64(device.account_id), "device": b64(device.device_id)}
        with django_assert_num_queries(0):
            nonce = as_nobody.post("sign_in/challenge", ids).json()["nonce"]
        signature = b64(factories.sign_challenge(device, base64url.decode(nonce)))
        with django_assert_num_queries(1):
            as_nobody.post("sign_in", {**ids, "nonce": nonce, "signature": signature})
    assert len(checked) == len(devices)


def test_an_unknown_device_takes_the_time_of_a_known_one(as_nobody, alice):
    stranger = factories.FakeDevice(os.urandom(16))

    def seconds(device):
        ids, told = challenge(as_nobody, device)
        body = {**ids, "nonce": told["nonce"], "signature": b64(bytes(64))}
        begin = time.perf_counter()
        as_nobody.post("sign_in", body)
        return time.perf_counter() - begin

    # In turn, and the quickest of each, so that what else the machine does counts least.
    taken = [(seconds(alice.device), seconds(stranger)) for _ in range(40)]
    known, unknown = (min(times) for times in zip(*taken, strict=True))
    assert 2 / 3 < known / unknown < 3 / 2


def test_a_suspended_account_is_refused_like_an_unknown_one(as_nobody, alice):
    services.suspend_account(alice.account_id)
    assert error(attempt(as_nobody, alice.device)) == (401, "sign_in_refused")


@pytest.mark.parametrize("nonce", [b"", bytes(56), bytes(57), os.urandom(56)])
def test_a_nonce_that_was_never_given_is_refused(as_nobody, alice, nonce):
    signature = b64(factories.sign_challenge(alice.device, nonce))
    assert error(attempt(as_nobody, alice.device, nonce=b64(nonce), signature=signature)) == (401, "sign_in_refused")


def test_a_nonce_of_another_device_is_refused(as_nobody, alice, bob):
    nonce = challenge(as_nobody, bob.device)[1]["nonce"]
    signature = b64(factories.sign_challenge(alice.device, base64url.decode(nonce)))
    assert error(attempt(as_nobody, alice.device, nonce=nonce, signature=signature)) == (401, "sign_in_refused")


def test_a_nonce_is_refused_after_its_time(as_nobody, alice, monkeypatch):
    monkeypatch.setattr(service_module("sign_in"), "NONCE_SECONDS", -1)
    assert error(attempt(as_nobody, alice.device)) == (401, "sign_in_refused")


def test_a_signature_for_another_server_is_refused(as_nobody, alice, settings):
    ids, told = challenge(as_nobody, alice.device)
    settings.ORIGIN = "https://other.example"
    signature = b64(factories.sign_challenge(alice.device, base64url.decode(told["nonce"])))
    settings.ORIGIN = "http://127.0.0.1:8000"
    body = {**ids, "nonce": told["nonce"], "signature": signature}
    assert error(as_nobody.post("sign_in", body)) == (401, "sign_in_refused")


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer x", f"Bearer {'A' * 43}", f"Basic {'A' * 43}", f"Bearer {'A' * 42}B"]
)
def test_without_a_token_that_was_given_one_is_not_signed_in(as_nobody, header):
    assert error(as_nobody.get("settings", Authorization=header)) == (401, "unauthenticated")


def test_a_token_ends(as_alice):
    AccessToken.objects.update(expires=clock.now() - timedelta(minutes=1))
    assert error(as_alice.get("settings")) == (401, "token_expired")
    AccessToken.objects.update(expires=clock.now() - timedelta(days=2))
    services.delete_expired()
    assert error(as_alice.get("settings")) == (401, "unauthenticated")


def test_signing_out_ends_the_token(as_alice):
    assert as_alice.post("sign_out", {}).json() == {}
    assert error(as_alice.get("settings")) == (401, "token_expired")


def test_a_removed_device_is_told_so(client, alice):
    phone = factories.add_device(alice)
    as_phone = Api(client, phone)
    factories.remove_device(alice, phone)
    assert error(as_phone.get("settings")) == (403, "device_revoked")


def test_a_suspended_account_is_told_so_and_let_in_again(as_alice, alice):
    services.suspend_account(alice.account_id)
    assert error(as_alice.get("settings")) == (403, "device_revoked")
    services.reinstate_account(alice.account_id)
    assert as_alice.get("settings").status_code == 200


def test_one_device_signs_in_only_so_often(as_nobody, alice, settings):
    limits.forget_all()
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"sign_in": "7/hour"}
    # Each attempt counts twice for the address; nothing counts for the device before it has proved itself.
    assert [attempt(as_nobody, alice.device).status_code for _ in range(3)] == [200, 200, 200]
    ids = {"account": b64(alice.account_id), "device": b64(alice.device.device_id)}
    as_nobody.post("sign_in/challenge", ids)
    refused = as_nobody.post("sign_in/challenge", ids)
    assert error(refused) == (429, "rate_limited")
    assert 1 <= refused.json()["retry_after"] <= 3600
    assert refused.headers["Retry-After"] == str(refused.json()["retry_after"])
    limits.forget_all()
