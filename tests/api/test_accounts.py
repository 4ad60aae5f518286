"""POST accounts, POST accounts/<account>/events, GET chain, POST lookup."""

import json
import os

import pytest

from keys import base64url, chain, services, signals
from keys.chain_event import read_signatures, write_signatures
from keys.models import Account, AccountEvent, Device
from keys.selectors import chain_state
from tests import factories
from tests.api.keys_client import b64, error, service_module

pytestmark = pytest.mark.django_db


def registration(account, event, signatures, **more):
    return {"event": b64(event), "signatures": write_signatures(signatures), **more}


def register(api, account_event_signatures, **more):
    return api.post("accounts", registration(*account_event_signatures, **more))


def device_add(account, device, authority, **changed):
    event = factories.as_event(account.fields("device_add", {"device": device.as_body()}, **changed))
    signatures = factories.sign_event(event, account, device, authority)
    return {"event": b64(event), "signatures": write_signatures(signatures)}


def events_of(account):
    return f"accounts/{b64(account.account_id)}/events"


def test_an_account_is_created_and_can_sign_in(as_nobody):
    made = factories.new_account("beatrix")
    answer = register(as_nobody, made)
    account = made[0]
    assert answer.status_code == 201
    assert answer.json() == {"account": b64(account.account_id), "device": b64(account.device.device_id)}
    assert len(factories.make_token(account.device)) == 32


def test_the_same_registration_again_gets_the_same_answer(as_nobody):
    made = factories.new_account()
    assert register(as_nobody, made).json() == register(as_nobody, made).json()
    assert Account.objects.count() == 1


def test_the_account_id_of_another_is_refused(as_nobody, alice):
    account = factories.FakeAccount("somebody", account_id=alice.account_id)
    device = factories.FakeDevice(account.account_id)
    event = factories.as_event(account.fields("create", account.create_body(device)))
    answer = register(as_nobody, (account, event, factories.sign_event(event, account, device)))
    assert error(answer) == (409, "account_taken")


def test_the_device_id_of_another_account_is_refused(as_nobody, alice):
    account = factories.FakeAccount("somebody")
    device = factories.FakeDevice(account.account_id, device_id=alice.device.device_id)
    event = factories.as_event(account.fields("create", account.create_body(device)))
    answer = register(as_nobody, (account, event, factories.sign_event(event, account, device)))
    assert error(answer) == (400, "event_invalid")
    assert Account.objects.count() == 1


@pytest.mark.parametrize("name", ["Beatrix", "b", "be atrix", "bea@trix", "x" * 33])
def test_a_name_outside_the_profile_is_refused(as_nobody, name):
    assert error(register(as_nobody, factories.new_account(name))) == (400, "username_invalid")


def test_a_name_that_is_taken_is_refused(as_nobody):
    factories.make_account("beatrix")
    assert error(register(as_nobody, factories.new_account("beatrix"))) == (409, "username_taken")


def test_a_name_that_looks_like_another_in_one_script_is_refused(as_nobody):
    factories.make_account("coco")
    assert error(register(as_nobody, factories.new_account("сосо"))) == (409, "username_taken")  # noqa: RUF001


def test_an_event_with_a_wrong_signature_is_refused(as_nobody):
    account, event, signatures = factories.new_account()
    _, _, others = factories.new_account()
    assert error(register(as_nobody, (account, event, others))) == (400, "signature_invalid")
    wrong = registration(account, event, signatures)
    del wrong["signatures"]["mls"]
    assert error(as_nobody.post("accounts", wrong)) == (400, "signature_invalid")


def test_an_event_signed_for_another_server_is_refused(as_nobody):
    account, event, _ = factories.new_account()
    signatures = factories.sign_event(event, account, account.device, origin="https://other.example")
    assert error(register(as_nobody, (account, event, signatures))) == (400, "signature_invalid")


def test_an_event_from_another_day_is_refused(as_nobody):
    account, _, _ = factories.new_account()
    event = factories.as_event(account.fields("create", account.create_body(account.device), time=1_600_000_000_000))
    answer = register(as_nobody, (account, event, factories.sign_event(event, account, account.device)))
    assert error(answer) == (400, "event_invalid")


def test_a_closed_server_registers_nobody(as_nobody, settings):
    settings.REGISTRATION = "closed"
    assert error(register(as_nobody, factories.new_account())) == (403, "registration_closed")


def test_a_code_of_the_operator_registers_one_account(as_nobody, settings):
    settings.REGISTRATION = "invite"
    code = services.create_registration_code(1)
    for wrong in ({}, {"invite": None}, {"invite": ""}, {"invite": code[:-1]}):
        assert error(register(as_nobody, factories.new_account(), **wrong)) == (403, "invite_required")
    first = factories.new_account()
    assert register(as_nobody, first, invite=code).status_code == 201
    assert register(as_nobody, first, invite=code).status_code == 201
    assert error(register(as_nobody, factories.new_account(), invite=code)) == (403, "invite_required")


def test_a_refused_registration_leaves_the_code_unused(as_nobody, settings, alice):
    settings.REGISTRATION = "invite"
    code = services.create_registration_code(1)
    assert error(register(as_nobody, factories.new_account(alice.username), invite=code)) == (409, "username_taken")
    assert register(as_nobody, factories.new_account(), invite=code).status_code == 201


def test_a_device_is_added_by_an_active_device_and_by_the_recovery_key(as_nobody, alice):
    for authority in (alice.device.sign_in_key, alice.recovery_key):
        device = factories.FakeDevice(alice.account_id)
        body = device_add(alice, device, authority)
        answer = as_nobody.post(events_of(alice), body)
        assert (answer.status_code, answer.json()) == (201, {"seq": alice.seq + 1})
        # The answer may have been lost.
        assert as_nobody.post(events_of(alice), body).json() == {"seq": alice.seq + 1}
        alice.stored(base64url.decode(body["event"]))
        assert len(factories.make_token(device)) == 32


def test_a_removed_device_adds_nothing_and_signs_in_no_more(as_nobody, alice):
    phone = factories.add_device(alice)
    factories.remove_device(alice, phone)
    body = device_add(alice, factories.FakeDevice(alice.account_id), phone.sign_in_key)
    assert error(as_nobody.post(events_of(alice), body)) == (400, "signature_invalid")


def test_an_event_that_is_not_the_next_is_refused(as_nobody, alice):
    device = factories.FakeDevice(alice.account_id)
    for changed in ({"seq": 3}, {"prev": b64(os.urandom(32))}):
        body = device_add(alice, device, alice.device.sign_in_key, **changed)
        assert error(as_nobody.post(events_of(alice), body)) == (409, "chain_conflict")


def test_an_event_for_no_account_is_not_found(as_nobody, alice):
    nobody = factories.FakeAccount("nobody")
    body = device_add(alice, factories.FakeDevice(alice.account_id), alice.device.sign_in_key)
    assert error(as_nobody.post(events_of(nobody), body)) == (404, "not_found")


def test_an_event_of_another_account_is_refused(as_nobody, alice, bob):
    body = device_add(alice, factories.FakeDevice(alice.account_id), alice.device.sign_in_key)
    assert error(as_nobody.post(events_of(bob), body)) == (400, "event_invalid")


def test_a_suspended_account_gets_no_new_device(as_nobody, alice):
    services.suspend_account(alice.account_id)
    body = device_add(alice, factories.FakeDevice(alice.account_id), alice.device.sign_in_key)
    assert error(as_nobody.post(events_of(alice), body)) == (403, "device_revoked")


def test_an_account_has_so_many_devices_and_no_more(as_nobody, alice, monkeypatch):
    monkeypatch.setattr(service_module("append_account_event"), "MAX_ACTIVE_DEVICES", 1)
    body = device_add(alice, factories.FakeDevice(alice.account_id), alice.device.sign_in_key)
    assert error(as_nobody.post(events_of(alice), body)) == (507, "quota_reached")


def test_the_stored_state_is_the_state_of_the_chain(as_bob, alice, settings):
    phone = factories.add_device(alice)
    factories.remove_device(alice, phone)
    factories.add_device(alice)
    found = as_bob.get(f"accounts/{b64(alice.account_id)}/chain").json()
    events = [(base64url.decode(one["event"]), read_signatures(one["signatures"])) for one in found["events"]]
    verified = chain.verify_chain(events, origin=settings.ORIGIN)
    assert verified == chain_state(Account.objects.get(uid=alice.account_id))
    assert verified.seq == 4


def test_a_chain_is_told_from_where_one_wants(as_bob, alice):
    factories.add_device(alice)
    path = f"accounts/{b64(alice.account_id)}/chain"
    whole = as_bob.get(path).json()
    assert whole["account"] == b64(alice.account_id)
    assert as_bob.get(f"{path}?after=1").json()["events"] == whole["events"][1:]
    assert as_bob.get(f"{path}?after=9").json()["events"] == []
    for wrong in ("-1", "x", "1.5", "9" * 30):
        assert error(as_bob.get(f"{path}?after={wrong}")) == (400, "bad_request")


def test_the_chain_of_nobody_is_not_found(as_bob):
    assert error(as_bob.get(f"accounts/{b64(os.urandom(16))}/chain")) == (404, "not_found")
    # Not the canonical text of 16 bytes.
    assert as_bob.get(f"accounts/{'A' * 21}B/chain").status_code == 404


@pytest.mark.parametrize("typed", ["beatrix", "BEATRIX", "ｂeatrix"])  # noqa: RUF001
def test_an_account_is_found_by_its_exact_name(as_bob, typed):
    beatrix = factories.make_account("beatrix")
    found = as_bob.post("accounts/lookup", {"username": typed}).json()
    assert found["account"] == b64(beatrix.account_id)
    assert json.loads(base64url.decode(found["events"][0]["event"]))["body"]["username"] == "beatrix"


@pytest.mark.parametrize("typed", ["beatri", "beatrix2", "be atrix", "beatr%", "x" * 64])
def test_another_name_is_not_found(as_bob, typed):
    factories.make_account("beatrix")
    assert error(as_bob.post("accounts/lookup", {"username": typed})) == (404, "not_found")


def test_a_suspended_account_is_not_found(as_bob, alice):
    services.suspend_account(alice.account_id)
    assert error(as_bob.post("accounts/lookup", {"username": alice.username})) == (404, "not_found")


def test_signals_come_inside_the_transaction(as_nobody, alice):
    def refuse(**_facts):
        raise RuntimeError

    signals.account_created.connect(refuse)
    signals.device_added.connect(refuse)
    try:
        with pytest.raises(RuntimeError):
            factories.make_account()
        with pytest.raises(RuntimeError):
            factories.add_device(alice)
    finally:
        signals.account_created.disconnect(refuse)
        signals.device_added.disconnect(refuse)
    assert (Account.objects.count(), Device.objects.count(), AccountEvent.objects.count()) == (1, 1, 1)
    assert Account.objects.get().seq == 1


def test_signals_tell_who_and_which():
    told = []
    names = ("account_created", "device_added", "device_removed", "account_suspended", "account_reinstated")
    receivers = {name: lambda name=name, **facts: told.append((name, facts)) for name in (*names, "account_deleted")}
    for name, receiver in receivers.items():
        getattr(signals, name).connect(receiver)
    account = factories.make_account()
    phone = factories.add_device(account)
    factories.remove_device(account, phone)
    services.suspend_account(account.account_id)
    services.suspend_account(account.account_id)
    services.reinstate_account(account.account_id)
    services.delete_account(account.account_id)
    for name, receiver in receivers.items():
        getattr(signals, name).disconnect(receiver)
    ids = {"account": account.account_id}
    first, second = account.device.device_id, phone.device_id
    said = [(name, {key: facts[key] for key in facts if key not in ("sender", "signal")}) for name, facts in told]
    assert said == [
        ("account_created", ids | {"device": first}),
        ("device_added", ids | {"device": second}),
        ("device_removed", ids | {"device": second}),
        ("account_suspended", ids),
        ("account_reinstated", ids),
        ("account_deleted", ids | {"devices": [first, second]}),
    ]
