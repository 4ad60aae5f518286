"""POST and GET key_packages, POST key_packages/claim, POST invitations, settings."""

import hashlib
import os
import time
from datetime import timedelta

import pytest

from keys import base64url, clock, services, signals
from keys.models import Invitation, KeyPackage, SpentKeyPackage
from talk2me import limits
from tests import factories
from tests.api.keys_client import Api, b64, error, service_module

pytestmark = pytest.mark.django_db
DAY = 24 * 3600


def publish(api, device, count=2, suite=1, last_resort=True):
    packages = [factories.make_key_package(device, suite) for _ in range(count)]
    body = {"suite": suite, "key_packages": [b64(one) for one in packages]}
    last = factories.make_key_package(device, suite, last_resort=True) if last_resort else None
    if last:
        body["last_resort"] = b64(last)
    answer = api.post("key_packages", body)
    assert answer.status_code == 200, answer.content
    return packages, last


def claim(api, account, suite=1, **more):
    return api.post("key_packages/claim", {"account": b64(account.account_id), "suite": suite, **more})


def test_key_packages_are_counted_for_each_suite(as_alice, alice):
    assert as_alice.get("key_packages").json() == {
        "remaining": {"83": 0, "1": 0},
        "last_resort": {"83": False, "1": False},
    }
    publish(as_alice, alice.device, 3, suite=83)
    publish(as_alice, alice.device, 2, suite=1, last_resort=False)
    assert as_alice.get("key_packages").json() == {
        "remaining": {"83": 3, "1": 2},
        "last_resort": {"83": True, "1": False},
    }


@pytest.mark.parametrize(
    "changed",
    [
        {"identity": bytes(32)},
        {"identity": b"short"},
        {"signature_key": factories.Ed25519PrivateKey.generate()},
        {"not_after": int(time.time()) - 1},
        {"not_before": int(time.time()) + 2 * DAY},
        {"not_before": int(time.time()) - DAY, "not_after": int(time.time()) + 366 * DAY},
        {"not_before": int(time.time()), "not_after": 2**64 - 1},
        {"suite": 83},
        {"last_resort": True},
    ],
)
def test_what_is_no_key_package_of_this_device_is_refused(as_alice, alice, changed):
    body = {"suite": 1, "key_packages": [b64(factories.make_key_package(alice.device, **changed))]}
    assert error(as_alice.post("key_packages", body)) == (400, "key_package_invalid")


def test_a_last_resort_must_say_that_it_is_one(as_alice, alice):
    body = {"suite": 1, "key_packages": [], "last_resort": b64(factories.make_key_package(alice.device))}
    assert error(as_alice.post("key_packages", body)) == (400, "key_package_invalid")


def test_a_suite_the_chain_does_not_list_is_refused(as_alice, alice):
    body = {"suite": 2, "key_packages": [b64(factories.make_key_package(alice.device, 2))]}
    assert error(as_alice.post("key_packages", body)) == (400, "key_package_invalid")


def test_one_bad_key_package_stores_none(as_alice, alice):
    good = factories.make_key_package(alice.device)
    body = {"suite": 1, "key_packages": [b64(good), b64(good[:-1] + bytes([good[-1] ^ 1]))]}
    assert error(as_alice.post("key_packages", body)) == (400, "key_package_invalid")
    assert not KeyPackage.objects.exists()


def test_a_key_package_is_published_once(as_alice, as_bob, alice):
    packages, last = publish(as_alice, alice.device)
    for used in (packages[0], last):
        name = "last_resort" if used is last else "key_packages"
        body = {"suite": 1, "key_packages": [], name: b64(used) if used is last else [b64(used)]}
        assert error(as_alice.post("key_packages", body)) == (409, "key_package_used")
    claim(as_bob, alice)
    body = {"suite": 1, "key_packages": [b64(packages[0])]}
    assert error(as_alice.post("key_packages", body)) == (409, "key_package_used")
    twice = b64(factories.make_key_package(alice.device))
    assert error(as_alice.post("key_packages", {"suite": 1, "key_packages": [twice] * 2})) == (409, "key_package_used")


def test_a_new_last_resort_takes_the_place_of_the_old(as_alice, as_bob, alice):
    _, old = publish(as_alice, alice.device, 0)
    _, new = publish(as_alice, alice.device, 0)
    assert claim(as_bob, alice).json()["devices"][0]["key_package"] == b64(new)
    body = {"suite": 1, "key_packages": [], "last_resort": b64(old)}
    assert error(as_alice.post("key_packages", body)) == (409, "key_package_used")


def test_a_device_leaves_a_hundred_for_each_suite(as_alice, alice):
    packages = [b64(factories.make_key_package(alice.device)) for _ in range(101)]
    assert error(as_alice.post("key_packages", {"suite": 1, "key_packages": packages})) == (400, "bad_request")
    assert as_alice.post("key_packages", {"suite": 1, "key_packages": packages[:100]}).status_code == 200
    assert error(as_alice.post("key_packages", {"suite": 1, "key_packages": packages[100:]})) == (507, "quota_reached")
    publish(as_alice, alice.device, 1, suite=83)


def test_a_claim_gives_one_of_each_device_and_then_the_last_resort(client, as_alice, as_bob, alice):
    phone = factories.add_device(alice)
    packages, last = publish(as_alice, alice.device, 1)
    phones, phones_last = publish(Api(client, phone), phone, 1)
    first = claim(as_bob, alice).json()["devices"]
    assert first == [
        {"device": b64(alice.device.device_id), "key_package": b64(packages[0]), "last_resort": False},
        {"device": b64(phone.device_id), "key_package": b64(phones[0]), "last_resort": False},
    ]
    for _ in range(2):
        again = claim(as_bob, alice).json()["devices"]
        assert [(one["key_package"], one["last_resort"]) for one in again] == [
            (b64(last), True),
            (b64(phones_last), True),
        ]


def test_a_device_with_none_left_keeps_those_of_the_others(client, as_alice, as_bob, alice):
    factories.add_device(alice)
    publish(as_alice, alice.device, 1, last_resort=False)
    assert error(claim(as_bob, alice)) == (404, "no_key_package")
    assert as_alice.get("key_packages").json()["remaining"]["1"] == 1


def test_a_device_that_lacks_the_suite_is_left_out(client, as_alice, as_bob, alice):
    factories.add_device(alice, suites=(1,))
    publish(as_alice, alice.device, 1, suite=83)
    assert [one["device"] for one in claim(as_bob, alice, suite=83).json()["devices"]] == [b64(alice.device.device_id)]
    assert error(claim(as_bob, alice, suite=5)) == (404, "no_key_package")


def test_a_removed_device_is_left_out_and_its_key_packages_are_gone(client, as_alice, as_bob, alice):
    phone = factories.add_device(alice)
    publish(Api(client, phone), phone)
    publish(as_alice, alice.device)
    factories.remove_device(alice, phone)
    assert [one["device"] for one in claim(as_bob, alice).json()["devices"]] == [b64(alice.device.device_id)]
    assert not KeyPackage.objects.filter(device__uid=phone.device_id).exists()


def test_one_s_own_claim_leaves_out_the_device_that_asks(client, as_alice, alice):
    assert claim(as_alice, alice).json() == {"devices": []}
    phone = factories.add_device(alice)
    packages, _ = publish(Api(client, phone), phone, 1)
    as_alice.put("settings", {"open_to_strangers": False})
    assert [one["key_package"] for one in claim(as_alice, alice).json()["devices"]] == [b64(packages[0])]


def test_an_expired_key_package_is_never_given(as_alice, as_bob, alice):
    publish(as_alice, alice.device)
    KeyPackage.objects.update(expires=clock.now() - timedelta(minutes=1))
    assert error(claim(as_bob, alice)) == (404, "no_key_package")
    assert as_alice.get("key_packages").json()["remaining"]["1"] == 0
    services.delete_expired()
    assert not KeyPackage.objects.exists()


def test_a_long_key_package_is_kept_for_ninety_days(as_alice, alice):
    ends = int(time.time()) + 365 * DAY
    body = {"suite": 1, "key_packages": [b64(factories.make_key_package(alice.device, not_after=ends))]}
    assert as_alice.post("key_packages", body).status_code == 200
    assert KeyPackage.objects.get().expires <= clock.now() + timedelta(days=90)


def test_nobody_claims_from_an_unknown_or_suspended_account(as_alice, as_bob, alice):
    publish(as_alice, alice.device)
    services.suspend_account(alice.account_id)
    assert error(claim(as_bob, alice)) == (404, "not_found")
    assert error(claim(as_bob, factories.FakeAccount("nobody"))) == (404, "not_found")


def test_a_closed_account_is_claimed_from_by_no_stranger(as_alice, as_bob, alice):
    publish(as_alice, alice.device)
    assert as_alice.get("settings").json() == {"open_to_strangers": True}
    assert as_alice.put("settings", {"open_to_strangers": False}).json() == {"open_to_strangers": False}
    assert as_alice.get("settings").json() == {"open_to_strangers": False}
    assert error(claim(as_bob, alice)) == (403, "claim_refused")
    assert error(claim(as_bob, alice, invitation=b64(os.urandom(16)))) == (403, "claim_refused")


def test_who_shares_a_conversation_may_claim(as_alice, as_bob, alice, bob):
    publish(as_alice, alice.device)
    as_alice.put("settings", {"open_to_strangers": False})
    asked = []

    def answer(requester, target, **_rest):
        asked.append((requester, target))
        return len(asked) > 1

    signals.claim_requested.connect(answer)
    try:
        assert error(claim(as_bob, alice)) == (403, "claim_refused")
        assert claim(as_bob, alice).status_code == 200
    finally:
        signals.claim_requested.disconnect(answer)
    assert asked == [(bob.account_id, alice.account_id)] * 2


def invite(api, seconds=3600):
    token = os.urandom(16)
    answer = api.post("invitations", {"token_hash": b64(hashlib.sha256(token).digest()), "expires_in": seconds})
    assert (answer.status_code, answer.json()) == (201, {})
    return token


def test_an_invitation_lets_each_requester_claim_once(client, as_alice, as_bob, alice):
    publish(as_alice, alice.device)
    as_alice.put("settings", {"open_to_strangers": False})
    token = invite(as_alice)
    as_carol = Api(client, factories.make_account().device)
    for api in (as_bob, as_carol):
        assert claim(api, alice, invitation=b64(token)).status_code == 200
        assert error(claim(api, alice, invitation=b64(token))) == (403, "claim_refused")


def test_a_claim_that_fails_leaves_the_invitation_unspent(as_alice, as_bob, alice):
    as_alice.put("settings", {"open_to_strangers": False})
    token = b64(invite(as_alice))
    assert error(claim(as_bob, alice, invitation=token)) == (404, "no_key_package")
    publish(as_alice, alice.device)
    assert claim(as_bob, alice, invitation=token).status_code == 200


def test_an_invitation_ends_and_counts_for_its_maker_only(as_alice, as_bob, alice, bob):
    as_alice.put("settings", {"open_to_strangers": False})
    publish(as_alice, alice.device)
    assert error(claim(as_bob, alice, invitation=b64(invite(as_bob)))) == (403, "claim_refused")
    token = b64(invite(as_alice))
    Invitation.objects.update(expires=clock.now())
    assert error(claim(as_bob, alice, invitation=token)) == (403, "claim_refused")
    services.delete_expired()
    assert not Invitation.objects.exists()


def test_invitations_have_limits(as_alice, monkeypatch):
    monkeypatch.setattr(service_module("create_invitation"), "MOST_FOR_EACH_ACCOUNT", 1)
    invite(as_alice)
    body = {"token_hash": b64(bytes(32)), "expires_in": 3600}
    assert error(as_alice.post("invitations", body)) == (507, "quota_reached")
    for seconds in (0, 59, 90 * DAY + 1):
        assert error(as_alice.post("invitations", body | {"expires_in": seconds})) == (400, "bad_request")


def test_nobody_uses_up_another_s_key_packages(as_alice, as_bob, alice, settings):
    limits.forget_all()
    publish(as_alice, alice.device, 5)
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"claim_pair": "2/hour"}
    assert [claim(as_bob, alice).status_code for _ in range(3)] == [200, 200, 429]
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"claim": "1/hour", "claim_pair": ""}
    carol = factories.make_account()
    assert error(claim(as_bob, carol)) == (404, "no_key_package")
    assert error(claim(as_bob, carol)) == (429, "rate_limited")
    limits.forget_all()


def test_what_was_spent_is_forgotten_when_it_would_have_expired(as_alice, as_bob, alice):
    publish(as_alice, alice.device)
    claim(as_bob, alice)
    assert SpentKeyPackage.objects.count() == 1
    SpentKeyPackage.objects.update(expires=clock.now() - timedelta(minutes=1))
    services.delete_expired()
    assert not SpentKeyPackage.objects.exists()


def test_a_claimed_key_package_is_the_published_bytes(as_alice, as_bob, alice):
    packages, _ = publish(as_alice, alice.device, 1)
    assert base64url.decode(claim(as_bob, alice).json()["devices"][0]["key_package"]) == packages[0]
