"""Passkeys: making one, signing in with one for a recovery token, and what is refused."""

import os
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from keys import base64url, clock, services, signals
from keys.models import Passkey, RecoveryToken
from tests import factories
from tests.api.keys_client import b64, error, service_module
from tests.authenticator import PRESENT, VERIFIED, Authenticator

pytestmark = pytest.mark.django_db

REFUSED = (401, "passkey_refused")
MALFORMED = (400, "bad_request")


def recovery_key(account):
    return b64(factories.public(account.recovery_key))


def options_for_making(api):
    return api.post("passkeys/options", {}).json()["options"]


def add(api, account, authenticator, **made):
    credential = authenticator.make(options_for_making(api), **made)
    return api.post("passkeys", {"credential": credential, "recovery_key": recovery_key(account)})


def challenge(api):
    return api.post("passkeys/challenge", {}).json()["options"]


def attempt(api, authenticator, **used):
    return api.post("passkeys/sign_in", {"credential": authenticator.use(challenge(api), **used)})


@pytest.fixture
def passkey(as_alice, alice):
    """One that is kept."""
    authenticator = Authenticator()
    assert add(as_alice, alice, authenticator).status_code == 201
    return authenticator


def test_options_ask_for_a_discoverable_credential_with_a_verified_person(as_alice, alice, settings):
    settings.ORIGIN = "https://chat.example:8443"
    options = services.start_passkey(alice.account_id)
    assert options["rp"] == {"id": "chat.example", "name": "talk2me"}
    user = {"id": b64(alice.account_id), "name": alice.username, "displayName": alice.username}
    assert options["user"] == user
    assert [one["alg"] for one in options["pubKeyCredParams"]] == [-8, -7, -257]
    assert options["authenticatorSelection"]["residentKey"] == "required"
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert options["attestation"] == "none"
    assert "extensions" not in options
    assert services.start_passkey_sign_in()["userVerification"] == "required"
    assert services.start_passkey_sign_in()["allowCredentials"] == []


@pytest.mark.parametrize("algorithm", [-8, -7, -257])
def test_a_passkey_signs_in_for_a_recovery_token_of_its_account(as_alice, as_nobody, alice, algorithm):
    authenticator = Authenticator(algorithm)
    added = add(as_alice, alice, authenticator)
    assert added.status_code == 201
    told = attempt(as_nobody, authenticator).json()
    assert told["account"] == b64(alice.account_id)
    assert told["recovery_key"] == recovery_key(alice)
    assert 590 <= told["expires_in"] <= 660
    assert base64url.decode(told["token"], 32) not in RecoveryToken.objects.values_list().get()
    today = clock.today().isoformat()
    row = {"recovery_key": recovery_key(alice), "created": today, "last_used": today, **added.json()}
    assert as_alice.get("passkeys").json() == {"passkeys": [row]}


def test_an_attestation_by_the_key_itself_says_no_more_than_none(as_alice, alice):
    assert add(as_alice, alice, Authenticator(), fmt="packed").status_code == 201


def test_an_attestation_that_names_a_maker_is_refused(as_alice, alice):
    authenticator = Authenticator()
    assert (
        error(add(as_alice, alice, authenticator, fmt="packed", certificates=(authenticator.certificate(),))) == REFUSED
    )


def test_a_credential_is_kept_under_the_id_that_its_authenticator_gave_it(as_alice, alice):
    other = b64(os.urandom(32))
    credential = Authenticator().make(options_for_making(as_alice)) | {"id": other, "rawId": other}
    body = {"credential": credential, "recovery_key": recovery_key(alice)}
    assert error(as_alice.post("passkeys", body)) == REFUSED


def test_the_same_credential_again_is_the_same_passkey(as_alice, alice):
    credential = Authenticator().make(options_for_making(as_alice))
    body = {"credential": credential, "recovery_key": recovery_key(alice)}
    first = as_alice.post("passkeys", body)
    assert as_alice.post("passkeys", body).json() == first.json()
    assert Passkey.objects.count() == 1


def test_who_has_a_passkey_is_not_asked_for_a_second_one_on_that_authenticator(as_alice, passkey):
    listed = options_for_making(as_alice)["excludeCredentials"]
    assert [one["id"] for one in listed] == [b64(passkey.credential_id)]


def test_only_a_signed_in_device_adds_lists_and_drops(as_nobody):
    for answer in (
        as_nobody.post("passkeys/options", {}),
        as_nobody.post("passkeys", {}),
        as_nobody.get("passkeys"),
        as_nobody.delete(f"passkeys/{b64(bytes(16))}"),
    ):
        assert error(answer) == (401, "unauthenticated")


LIES = [
    {"origin": "https://evil.example"},
    {"origin": "http://127.0.0.1:8001"},
    {"host": "evil.example"},
    {"flags": PRESENT},
    {"flags": VERIFIED},
    {"cross_origin": True},
]


@pytest.mark.parametrize("lie", LIES, ids=str)
def test_a_credential_of_another_page_or_without_a_verified_person_is_not_kept(as_alice, alice, lie):
    assert error(add(as_alice, alice, Authenticator(**lie))) == REFUSED
    assert not Passkey.objects.exists()


@pytest.mark.parametrize("lie", LIES, ids=str)
def test_nor_does_it_sign_in(as_nobody, passkey, lie):
    for name, value in lie.items():
        setattr(passkey, name, value)
    assert error(attempt(as_nobody, passkey)) == REFUSED
    assert not RecoveryToken.objects.exists()


def test_a_signature_by_another_key_does_not_sign_in(as_nobody, passkey):
    passkey.key = Ed25519PrivateKey.generate()
    assert error(attempt(as_nobody, passkey)) == REFUSED


def test_every_refused_sign_in_is_the_same_answer(as_nobody, passkey, alice):
    unknown = attempt(as_nobody, Authenticator(user=b64(alice.account_id)))
    wrong_user = attempt(as_nobody, passkey, userHandle=b64(os.urandom(16)))
    services.suspend_account(alice.account_id)
    suspended = attempt(as_nobody, passkey)
    assert error(unknown) == REFUSED
    assert unknown.content == wrong_user.content == suspended.content
    assert unknown.headers == wrong_user.headers == suspended.headers


def test_a_challenge_gives_one_token_also_after_its_time_has_been_cut_short(as_nobody, passkey, alice):
    body = {"credential": passkey.use(challenge(as_nobody))}
    assert as_nobody.post("passkeys/sign_in", body).status_code == 200
    assert error(as_nobody.post("passkeys/sign_in", body)) == REFUSED
    RecoveryToken.objects.update(expires=clock.now() - timedelta(minutes=1))
    services.delete_expired()
    assert error(as_nobody.post("passkeys/sign_in", body)) == REFUSED


def test_a_challenge_ends(as_alice, as_nobody, alice, passkey, monkeypatch):
    monkeypatch.setattr(service_module("passkeys"), "SECONDS", -1)
    assert error(attempt(as_nobody, passkey)) == REFUSED
    assert error(add(as_alice, alice, Authenticator())) == REFUSED


def test_a_challenge_for_something_else_signs_nobody_in(as_alice, as_nobody, passkey):
    for foreign in (options_for_making(as_alice)["challenge"], b64(os.urandom(56)), b64(bytes(56)), "", "%"):
        used = passkey.use({"challenge": foreign})
        assert error(as_nobody.post("passkeys/sign_in", {"credential": used})) == REFUSED


def test_a_challenge_of_another_account_or_for_signing_in_makes_no_passkey(as_alice, as_bob, bob):
    mine = options_for_making(as_bob)
    for foreign in (options_for_making(as_alice)["challenge"], challenge(as_bob)["challenge"]):
        made = Authenticator().make(mine | {"challenge": foreign})
        assert error(as_bob.post("passkeys", {"credential": made, "recovery_key": recovery_key(bob)})) == REFUSED


def changed(credential, **fields):
    return {name: value for name, value in (credential | fields).items() if value is not None}


@pytest.mark.parametrize(
    "fields",
    [
        {"clientExtensionResults": {"prf": {"results": {"first": "AA"}}}},
        {"clientExtensionResults": {}},
        {"extensions": {}},
        {"type": "password"},
        {"rawId": "AAAA"},
        {"id": "%", "rawId": "%"},
        {"rawId": None},
        {"response": {}},
    ],
    ids=str,
)
def test_a_credential_has_its_fields_and_no_others(as_alice, as_nobody, alice, passkey, fields):
    made = changed(Authenticator().make(options_for_making(as_alice)), **fields)
    assert error(as_alice.post("passkeys", {"credential": made, "recovery_key": recovery_key(alice)})) == MALFORMED
    used = changed(passkey.use(challenge(as_nobody)), **fields)
    assert error(as_nobody.post("passkeys/sign_in", {"credential": used})) == MALFORMED


def test_nor_has_its_response(as_alice, as_nobody, alice, passkey):
    assert error(add(as_alice, alice, Authenticator(), clientExtensionResults={})) == MALFORMED
    assert error(attempt(as_nobody, passkey, clientExtensionResults={})) == MALFORMED
    used = passkey.use(challenge(as_nobody)) | {"authenticatorAttachment": "platform"}
    assert as_nobody.post("passkeys/sign_in", {"credential": used}).status_code == 200


@pytest.mark.parametrize("attestation", [b"", b"\xff", b"\xa0", os.urandom(200), b"\x81" * 3000])
def test_what_is_no_attestation_is_refused_like_a_wrong_one(as_alice, alice, attestation):
    answer = add(as_alice, alice, Authenticator(), attestationObject=b64(attestation))
    assert error(answer) == (REFUSED if attestation else MALFORMED)


@pytest.mark.parametrize("client_data", [b"\xff", b"{}", b"[]", b'{"type":1,"challenge":2,"origin":3}', b"[" * 3000])
def test_what_is_no_client_data_is_refused_like_a_wrong_one(as_alice, as_nobody, alice, passkey, client_data):
    assert error(add(as_alice, alice, Authenticator(), clientDataJSON=b64(client_data))) == REFUSED
    assert error(attempt(as_nobody, passkey, clientDataJSON=b64(client_data))) == REFUSED


def test_a_sign_count_that_does_not_grow_is_a_copied_authenticator(as_alice, as_nobody, alice):
    authenticator = Authenticator(count=5)
    add(as_alice, alice, authenticator)
    statuses = []
    for count in (6, 7, 7, 3, 0, 8):
        authenticator.count = count
        statuses.append(attempt(as_nobody, authenticator).status_code)
    assert statuses == [200, 200, 401, 401, 401, 200]


def test_an_authenticator_that_does_not_count_may_be_used_again(as_nobody, passkey):
    assert [attempt(as_nobody, passkey).status_code for _ in range(3)] == [200, 200, 200]


def test_a_passkey_belongs_to_a_present_recovery_key_of_the_account(as_alice, bob):
    assert error(add(as_alice, bob, Authenticator())) == REFUSED


def test_a_recovery_key_has_one_passkey(as_alice, alice, passkey):
    assert error(add(as_alice, alice, Authenticator())) == REFUSED
    assert Passkey.objects.count() == 1


def test_a_credential_belongs_to_one_account(as_alice, as_bob, alice, bob):
    authenticator = Authenticator()
    assert add(as_alice, alice, authenticator).status_code == 201
    assert error(add(as_bob, bob, authenticator)) == REFUSED


def test_a_passkey_can_be_dropped_by_its_account_only(as_alice, as_bob, as_nobody, passkey):
    path = f"passkeys/{as_alice.get('passkeys').json()['passkeys'][0]['passkey']}"
    assert as_bob.get("passkeys").json() == {"passkeys": []}
    assert as_bob.delete(path).json() == {}
    assert attempt(as_nobody, passkey).status_code == 200
    assert as_alice.delete(path).json() == {}
    assert error(attempt(as_nobody, passkey)) == REFUSED


def test_a_recovery_key_that_is_dropped_from_the_chain_takes_its_passkey_along(as_alice, as_nobody, alice, passkey):
    new_key = Ed25519PrivateKey.generate()

    def rotate(*keys):
        body = {"recovery_keys": [b64(factories.public(key)) for key in keys]}
        event = factories.as_event(alice.fields("recovery_rotate", body))
        services.append_account_event(
            alice.account_id, event, factories.sign_event(event, alice, authority=alice.recovery_key)
        )
        alice.stored(event)

    rotate(alice.recovery_key, new_key)
    assert attempt(as_nobody, passkey).status_code == 200
    rotate(new_key)
    assert error(attempt(as_nobody, passkey)) == REFUSED
    assert as_alice.get("passkeys").json() == {"passkeys": []}


def test_passkeys_of_other_accounts_stay_when_recovery_keys_change(as_alice, as_bob, alice, bob, passkey):
    add(as_bob, bob, Authenticator())
    signals.recovery_keys_changed.send(None, account=bob.account_id, recovery_keys=[bytes(32)])
    assert Passkey.objects.get().account.uid == alice.account_id
