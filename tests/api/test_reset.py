"""Starting an account over: POST reset/start, DELETE reset_permit, and the event, with a recovery key and without."""

from datetime import date, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from keys import base64url, chain, clock, services
from keys.chain_event import read_signatures, write_signatures
from keys.models import Account, Device, KeyPackage, Passkey, RecoveryToken, ResetPermit, Vault
from keys.selectors import chain_state
from talk2me.errors import DeviceRevoked, QuotaReached, ResetRefused, SignatureInvalid, Talk2meError
from tests import factories
from tests.api.keys_client import Api, b64, error, service_module

pytestmark = pytest.mark.django_db


def start(api, account, code, **changed):
    return api.post("reset/start", {"username": account.username, "code": code} | changed)


def let_days_pass(days):
    permit = ResetPermit.objects.get()
    permit.from_day -= timedelta(days=days)
    permit.save()


@pytest.fixture
def code(alice):
    """The operator's, a week old."""
    given = services.create_reset_permit(alice.account_id)
    let_days_pass(7)
    return given


def test_a_week_after_the_operator_allowed_it_an_account_is_started_over(as_nobody, alice, code):
    answer = start(as_nobody, alice, code).json()
    assert answer["account"] == b64(alice.account_id)
    token = {"Authorization": f"Bearer {answer['token']}"}
    assert as_nobody.post(f"accounts/{answer['account']}/chain", {}, **token).status_code == 200
    device = factories.start_over(alice, by_recovery_key=False, reset_code=code)
    state = chain_state(Account.objects.get(uid=alice.account_id))
    assert state.reset is not None
    assert (state.reset.seq, state.reset.by) == (2, "operator")
    assert len(factories.make_token(device)) == 32
    assert not ResetPermit.objects.exists()


def test_the_code_comes_with_the_event(as_nobody, alice, code):
    device = factories.FakeDevice(alice.account_id)
    alice.identity_key = Ed25519PrivateKey.generate()
    keys = factories.recovery_keys(Ed25519PrivateKey.generate())
    body = {"identity_key": b64(factories.public(alice.identity_key)), **keys, "device": device.as_body()}
    event = factories.as_event(alice.fields("reset", body))
    signatures = write_signatures(factories.sign_event(event, alice, device))
    path = f"accounts/{b64(alice.account_id)}/events"
    signed = {"event": b64(event), "signatures": signatures}
    for wrong in ({}, {"reset_code": "another"}, {"reset_code": None}):
        assert error(as_nobody.post(path, signed | wrong)) == (401, "reset_refused")
    assert as_nobody.post(path, signed | {"reset_code": code}).json() == {"seq": 2}
    # Whose answer was lost sends it again; the permit is used up by then.
    assert as_nobody.post(path, signed | {"reset_code": code}).json() == {"seq": 2}


def test_before_the_week_is_over_nothing_is_started(as_nobody, alice):
    given = services.create_reset_permit(alice.account_id)
    for days in (0, 6):
        let_days_pass(days)
        assert error(start(as_nobody, alice, given)) == (401, "reset_refused")
        with pytest.raises(ResetRefused):
            factories.start_over(alice, by_recovery_key=False, reset_code=given)
    let_days_pass(1)
    assert start(as_nobody, alice, given).status_code == 200


def test_every_refusal_is_the_same_answer(as_nobody, alice, bob, code):
    refused = start(as_nobody, alice, "another")
    attempts = [start(as_nobody, bob, code), start(as_nobody, alice, code, username="nobody")]
    attempts.append(start(as_nobody, alice, code, username="no body"))
    services.suspend_account(alice.account_id)
    attempts.append(start(as_nobody, alice, code))
    assert error(refused) == (401, "reset_refused")
    assert {(answer.status_code, answer.content) for answer in attempts} == {(401, refused.content)}
    assert not RecoveryToken.objects.exists()


def test_a_code_typed_with_spaces_around_counts(as_nobody, alice, code):
    assert start(as_nobody, alice, f" {code}\n").status_code == 200


def test_a_device_sees_the_permit_and_objects(as_alice, as_nobody, alice, code):
    from_day = as_alice.get("devices").json()["reset_from"]
    assert date.fromisoformat(from_day) == clock.today()
    assert as_alice.call("delete", "reset_permit").json() == {}
    assert as_alice.get("devices").json()["reset_from"] is None
    assert error(start(as_nobody, alice, code)) == (401, "reset_refused")
    with pytest.raises(ResetRefused):
        factories.start_over(alice, by_recovery_key=False, reset_code=code)
    # There is nothing left to object to, and that is no error.
    assert as_alice.call("delete", "reset_permit").json() == {}


def test_nobody_objects_for_another_account(as_bob, as_nobody, alice, code):
    as_bob.call("delete", "reset_permit")
    assert start(as_nobody, alice, code).status_code == 200


def test_with_a_recovery_key_no_permit_is_needed(alice):
    factories.start_over(alice)
    reset = chain_state(Account.objects.get(uid=alice.account_id)).reset
    assert reset is not None
    assert reset.by == "recovery"


def test_a_device_of_before_that_was_let_in_in_time_writes_no_vault_after_it(alice):
    before = alice.device.device_id
    factories.start_over(alice)
    with pytest.raises(DeviceRevoked):
        services.store_vault(alice.account_id, before, 4, b"sealed")
    assert not Vault.objects.exists()


def test_starting_over_ends_everything_of_before(client, alice):
    phone = factories.add_device(alice)
    as_laptop, as_phone = Api(client, alice.device), Api(client, phone)
    services.store_vault(alice.account_id, alice.device.device_id, 3, b"sealed")
    services.publish_key_packages(phone.device_id, 1, [factories.make_key_package(phone)])
    services.create_reset_permit(alice.account_id)
    Passkey.objects.create(
        uid=bytes(16), account=Account.objects.get(uid=alice.account_id), credential_id=b"c", public_key=b"k",
        sign_count=0, recovery_key=factories.public(alice.recovery_key), created=clock.today(),
    )  # fmt: skip
    token = factories.make_recovery_token(alice)
    new = factories.start_over(alice)
    for old in (as_laptop, as_phone):
        assert error(old.get("settings")) == (403, "device_revoked")
    assert list(Device.objects.order_by("added").values_list("removed", flat=True)) == [3, 3, None]
    assert not KeyPackage.objects.exists()
    assert not Vault.objects.exists()
    assert not Passkey.objects.exists()
    assert not ResetPermit.objects.exists()
    with pytest.raises(Talk2meError):
        services.authenticate_recovery_token(token)
    as_new = Api(client, new)
    assert as_new.put("vault", {"version": 1, "vault": b64(b"new")}).json() == {"version": 1}
    # The name is still the account's.
    assert as_new.post("accounts/lookup", {"username": alice.username}).json()["account"] == b64(alice.account_id)


def test_the_stored_state_is_the_state_of_the_chain(as_bob, alice, settings):
    factories.add_device(alice)
    factories.append(
        alice, "recovery_announce", factories.recovery_keys(Ed25519PrivateKey.generate()), alice.device.sign_in_key
    )
    verified_as_stored(as_bob, alice, settings)
    factories.append(alice, "recovery_object", {}, alice.device.sign_in_key)
    factories.rotate_recovery_key(alice)
    factories.start_over(alice)
    verified_as_stored(as_bob, alice, settings)
    services.create_reset_permit(alice.account_id)
    factories.start_over(alice)
    verified_as_stored(as_bob, alice, settings)


def verified_as_stored(api, account, settings):
    found = api.get(f"accounts/{b64(account.account_id)}/chain").json()["events"]
    events = [(base64url.decode(one["event"]), read_signatures(one["signatures"])) for one in found]
    verified = chain.verify_chain(events, origin=settings.ORIGIN)
    assert verified == chain_state(Account.objects.get(uid=account.account_id))


def test_a_suspended_account_does_not_start_over(alice):
    services.suspend_account(alice.account_id)
    with pytest.raises(DeviceRevoked):
        factories.start_over(alice)


def test_a_device_waits_its_week_by_the_clock_of_the_server_too(alice, monkeypatch):
    key = Ed25519PrivateKey.generate()
    day = 24 * 3600 * 1000
    now = clock.now()
    sign_in_key = alice.device.sign_in_key

    def at(days, shift=0):
        moment = now + timedelta(days=days)
        monkeypatch.setattr("keys.clock.now", lambda: moment)
        monkeypatch.setattr("time.time_ns", lambda: int(moment.timestamp() * 1e9))
        return {"time": int(moment.timestamp() * 1000) + shift}

    # Dated a day back, and the rotation a day ahead, as far as the clock's tolerance goes.
    factories.append(alice, "recovery_announce", factories.recovery_keys(key), sign_in_key, **at(0, -day + 60_000))
    for days in (5.5, 6.9):
        with pytest.raises(SignatureInvalid):
            factories.append(
                alice, "recovery_rotate", factories.recovery_keys(key), sign_in_key, **at(days, day * 9 // 10)
            )
    factories.append(alice, "recovery_rotate", factories.recovery_keys(key), sign_in_key, **at(7))
    assert Account.objects.get(uid=alice.account_id).recovery_keys == factories.public(key)


def test_a_device_that_uses_up_the_events_can_still_be_ended(alice, monkeypatch):
    module = service_module("append_account_event")
    monkeypatch.setattr(module, "MAX_EVENTS", 10)
    monkeypatch.setattr(module, "KEPT_EVENTS", 5)
    thief = factories.add_device(alice)
    announced = factories.recovery_keys(Ed25519PrivateKey.generate())
    for kind, body in (("recovery_announce", announced), ("recovery_object", {}), ("recovery_announce", announced)):
        factories.append(alice, kind, body, thief.sign_in_key)
    for kind, body in (("recovery_object", {}), ("recovery_announce", announced)):
        with pytest.raises(QuotaReached):
            factories.append(alice, kind, body, thief.sign_in_key)
    with pytest.raises(QuotaReached):
        factories.add_device(alice)
    factories.remove_device(alice, thief)
    factories.rotate_recovery_key(alice)
    factories.start_over(alice)
    assert Account.objects.get(uid=alice.account_id).seq == 8
