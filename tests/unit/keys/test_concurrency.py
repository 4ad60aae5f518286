"""Several at once: no key package is given twice, no chain forks, no vault is lost, no name is shared, and one log."""

import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from keys import log_key, services
from keys.key_log import answer as answers
from keys.log_storage.check import check_log, one_moment
from keys.models import Account, AccountEvent, LogState, Vault
from talk2me.errors import ChainConflict, InviteRequired, SignInRefused, Talk2meError, UsernameTaken, VaultConflict
from tests import factories

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
    services.store_vault(alice.account_id, 1, b"first")
    results = at_once(*[lambda n=n: services.store_vault(alice.account_id, 2, bytes([n])) for n in range(4)])
    assert (results.count(None), results.count(VaultConflict)) == (1, 3)
    assert Vault.objects.get().version == 2


def test_a_nonce_gives_one_token_to_one_of_many():
    device = factories.make_account().device
    nonce, _ = services.start_sign_in(device.account_id, device.device_id)
    signature = factories.sign_challenge(device, nonce)
    calls = [lambda: services.sign_in(device.account_id, device.device_id, nonce, signature)] * 4
    assert at_once(*calls).count(SignInRefused) == 3


def test_a_registration_code_makes_one_account(settings):
    settings.REGISTRATION = "invite"
    code = services.create_registration_code(1)
    calls = []
    for _ in range(4):
        _, event, signatures = factories.new_account()
        calls.append(lambda e=event, s=signatures: services.create_account(e, s, code))
    assert at_once(*calls).count(InviteRequired) == 3
    assert Account.objects.count() == 1


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
