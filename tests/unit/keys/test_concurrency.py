"""Several at once: no key package is given twice, no chain forks, no vault is lost, no name is shared, and one log."""

import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection, transaction

from keys import base64url, clock, log_key, services
from keys.key_log import answer as answers
from keys.log_storage.check import check_log, one_moment
from keys.models import Account, AccountEvent, LinkBox, LinkPart, LogState, RecoveryToken, ResetPermit, Vault
from keys.passkey_proof import Made, Used
from keys.services import append_account_event as append
from talk2me.errors import (
    ChainConflict,
    InviteRequired,
    NotFound,
    PasskeyRefused,
    RecoveryRefused,
    ResetRefused,
    SignInRefused,
    Talk2meError,
    UsernameTaken,
    VaultConflict,
)
from tests import factories
from tests.authenticator import Authenticator

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls):
    """Runs each call in a thread with a database connection of its own; gives results, or the errors that we tell."""

    def run(call):
        try:
            return call()
        except Talk2meError as error:
            return type(error)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(run, calls))


def test_no_key_package_is_given_twice():
    alice, requesters = factories.make_account(), [factories.make_account() for _ in range(4)]
    device = alice.device
    packages = [factories.make_key_package(device) for _ in range(10)]
    last = factories.make_key_package(device, last_resort=True)
    services.publish_key_packages(device.device_id, 1, packages, last)

    def claim(requester):
        ids = (requester.account_id, requester.device.device_id)
        return [services.claim_key_packages(*ids, alice.account_id, 1)[0] for _ in range(4)]

    given = [one for found in at_once(*[lambda one=one: claim(one) for one in requesters]) for one in found]
    single = [one.body for one in given if not one.last_resort]
    assert sorted(single) == sorted(packages)
    assert {one.body for one in given if one.last_resort} == {last}
    assert len(given) == 16


def test_a_chain_does_not_fork():
    alice = factories.make_account()
    calls = []
    for _ in range(4):
        device = factories.FakeDevice(alice.account_id)
        event = factories.as_event(alice.fields("device_add", {"device": device.as_body()}))
        signatures = factories.sign_event(event, alice, device, alice.device.sign_in_key)
        calls.append(lambda e=event, s=signatures: services.append_account_event(alice.account_id, e, s))
    results = at_once(*calls)
    assert (results.count(2), results.count(ChainConflict)) == (1, 3)
    assert AccountEvent.objects.filter(account__uid=alice.account_id).count() == 2


def test_a_name_is_taken_once():
    calls = []
    for _ in range(4):
        _, event, signatures = factories.new_account("beatrix")
        calls.append(lambda e=event, s=signatures: services.create_account(e, s))
    results = at_once(*calls)
    assert results.count(UsernameTaken) == 3
    assert Account.objects.count() == 1


def test_a_vault_is_written_by_one_of_two():
    alice = factories.make_account()
    services.store_vault(alice.account_id, alice.device.device_id, 1, b"first")
    results = at_once(
        *[lambda n=n: services.store_vault(alice.account_id, alice.device.device_id, 2, bytes([n])) for n in range(4)]
    )
    assert (results.count(None), results.count(VaultConflict)) == (1, 3)
    assert Vault.objects.get().version == 2


def test_a_nonce_gives_one_token_to_one_of_many():
    device = factories.make_account().device
    nonce, _ = services.start_sign_in(device.account_id, device.device_id)
    signature = factories.sign_challenge(device, nonce)
    calls = [lambda: services.sign_in(device.account_id, device.device_id, nonce, signature)] * 4
    assert at_once(*calls).count(SignInRefused) == 3


def test_recovery_keys_that_are_replaced_leave_no_token_behind_whoever_signs_in_meanwhile():
    for _ in range(6):
        alice = factories.make_account()
        authenticator = Authenticator()
        credential = authenticator.make(services.start_passkey(alice.account_id))
        made = Made(authenticator.credential_id, *(_response(credential)[name] for name in ("client", "attestation")))
        services.add_passkey(alice.account_id, made, factories.public(alice.recovery_key))
        key = alice.recovery_key
        calls = [lambda who=alice: factories.rotate_recovery_key(who)]
        calls += [lambda one=authenticator: _use(one)] * 3
        calls += [lambda who=alice, old=key: _recover(who, old)] * 3
        results = at_once(*calls)
        assert results[0] is None
        assert set(results[1:]) <= {None, PasskeyRefused, RecoveryRefused}
        assert not RecoveryToken.objects.filter(account__uid=alice.account_id, expires__gt=clock.now()).exists()


def _response(credential):
    names = {"client": "clientDataJSON", "attestation": "attestationObject", "data": "authenticatorData"}
    found = {name: credential["response"].get(field, "") for name, field in (names | {"sig": "signature"}).items()}
    return {name: base64url.decode(text) for name, text in found.items()}


def _use(authenticator):
    read = _response(authenticator.use(services.start_passkey_sign_in()))
    user = base64url.decode(authenticator.user)
    services.passkey_sign_in(Used(authenticator.credential_id, read["client"], read["data"], read["sig"], user))


def _recover(account, key):
    nonce = services.start_recovery(account.account_id).nonce
    signature = factories.sign_recovery(account, nonce, key)
    services.recovery_sign_in(account.account_id, factories.public(key), nonce, signature)


def test_a_permit_starts_an_account_over_once_and_not_after_an_objection():
    for _ in range(6):
        alice = factories.make_account()
        code = services.create_reset_permit(alice.account_id)
        ResetPermit.objects.update(from_day=clock.today())
        calls = []
        for _ in range(2):
            anew = replace(alice, identity_key=Ed25519PrivateKey.generate())
            device = factories.FakeDevice(alice.account_id)
            keys = factories.recovery_keys(Ed25519PrivateKey.generate())
            identity_key = base64url.encode(factories.public(anew.identity_key))
            body = {"identity_key": identity_key, **keys, "device": device.as_body()}
            event = factories.as_event(anew.fields("reset", body))
            signed = (event, factories.sign_event(event, anew, device))
            calls.append(lambda s=signed, who=alice, c=code: append(who.account_id, *s, reset_code=c))
        results = at_once(*calls, lambda who=alice: services.withdraw_reset_permit(who.account_id))
        assert results.count(2) <= 1
        assert set(results[:2]) <= {2, ChainConflict, ResetRefused}
        assert not ResetPermit.objects.exists()


@pytest.mark.parametrize("most", [1, 3])
def test_a_registration_code_makes_as_many_accounts_as_it_says(settings, most):
    settings.REGISTRATION = "invite"
    code = services.create_registration_code(1, most=most)
    calls = []
    for _ in range(4):
        _, event, signatures = factories.new_account()
        calls.append(lambda e=event, s=signatures: services.create_account(e, s, code))
    assert at_once(*calls).count(InviteRequired) == 4 - most
    assert Account.objects.count() == most


def test_an_invitation_is_spent_once_by_one_requester():
    alice, bob = factories.make_account(), factories.make_account()
    services.publish_key_packages(
        alice.device.device_id, 1, [], factories.make_key_package(alice.device, last_resort=True)
    )
    services.set_open_to_strangers(alice.account_id, value=False)
    token = bytes(16)
    services.create_invitation(alice.account_id, hashlib.sha256(token).digest(), 3600)
    ids = (bob.account_id, bob.device.device_id, alice.account_id)
    results = at_once(*[lambda: services.claim_key_packages(*ids, 1, token)] * 4)
    assert sum(isinstance(one, list) for one in results) == 1


def test_many_who_write_at_once_write_one_log():
    people = [factories.make_account() for _ in range(3)]

    def add_to(account):
        for _ in range(3):
            phone = factories.add_device(account)
            factories.remove_device(account, phone)

    calls = [lambda one=one: add_to(one) for one in people]
    calls += [lambda: [factories.make_account() for _ in range(4)]] * 2
    at_once(*calls, lambda: [services.beat_key_log() for _ in range(5)])
    with one_moment():
        assert check_log().size == LogState.objects.get().size == 1 + 3 * (2 + 6) + 2 * 4 * 2


def test_whoever_begins_the_log_begins_the_only_one():
    results = at_once(*[services.read_checkpoint] * 4)
    assert len(set(results)) == 1
    assert LogState.objects.get().size == 1


def test_what_is_read_while_others_write_is_proven():
    people, done = [factories.make_account() for _ in range(2)], threading.Event()

    def write():
        for _ in range(12):
            phone = factories.add_device(people[0])
            factories.remove_device(people[0], phone)
        done.set()

    def read():
        seen, held = 0, None
        while not done.is_set() or seen < 3:
            for account in people:
                found = services.read_chain(account.account_id, 0, held.size if held else 0)
                head = answers.verify_log(found.log, held, log_key.signer().verifier)
                events = [event for event, _ in found.events]
                chain = answers.Chain(account.account_id, events[0], events[-1], len(events))
                answers.verify_account(found.log, head, chain)
                held = answers.Head(head.checkpoint.size, head.checkpoint.root)
            seen += 1
        return seen

    _, first, second = at_once(write, read, read)
    assert first >= 3
    assert second >= 3
    assert len(services.read_chain(people[0].account_id, 0, 0).events) == 25


def test_nothing_is_signed_before_it_has_committed():
    before = services.read_checkpoint()
    written, read = threading.Event(), threading.Event()

    def write():
        with transaction.atomic():
            factories.make_account()
            written.set()
            assert read.wait(30)
            transaction.set_rollback(True)

    def look():
        assert written.wait(30)
        found = services.read_checkpoint()
        read.set()
        return found

    assert at_once(write, look)[1] == before
    assert LogState.objects.get().size == 1


def test_a_link_box_goes_while_parts_are_written_into_it():
    alice = factories.make_account()
    for round_ in range(12):
        box = round_.to_bytes(16, "big")
        services.make_link_box(alice.account_id, box)
        writes = [lambda n=n, to=box: services.put_link_part(to, n, b"sealed") for n in range(1, 5)]
        *written, gone = at_once(*writes, lambda at=box: services.delete_link_box(alice.account_id, at))
        assert gone is None
        assert set(written) <= {None, NotFound}
    assert not LinkBox.objects.exists()
    assert not LinkPart.objects.exists()
