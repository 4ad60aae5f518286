"""What other apps may ask about accounts and devices."""

import os

import pytest

from keys import selectors, services
from tests import factories

pytestmark = pytest.mark.django_db


def test_active_devices_of_many_accounts_take_one_query(django_assert_num_queries):
    accounts = [factories.make_account() for _ in range(3)]
    phone = factories.add_device(accounts[0])
    gone = factories.add_device(accounts[1])
    factories.remove_device(accounts[1], gone)
    services.suspend_account(accounts[2].account_id)
    with django_assert_num_queries(1):
        found = selectors.active_devices([*(one.account_id for one in accounts), os.urandom(16)])
    assert found == {
        accounts[0].account_id: [accounts[0].device.device_id, phone.device_id],
        accounts[1].account_id: [accounts[1].device.device_id],
    }


def test_accounts_of_devices_leave_out_whatever_is_not_active(django_assert_num_queries):
    one, two, suspended = (factories.make_account() for _ in range(3))
    gone = factories.add_device(one)
    factories.remove_device(one, gone)
    services.suspend_account(suspended.account_id)
    asked = [one.device.device_id, gone.device_id, two.device.device_id, suspended.device.device_id, os.urandom(16)]
    with django_assert_num_queries(1):
        found = selectors.accounts_of_devices(asked)
    assert found == {one.device.device_id: one.account_id, two.device.device_id: two.account_id}


def test_existing_accounts_are_those_that_are_not_suspended():
    one, two = factories.make_account(), factories.make_account()
    services.suspend_account(two.account_id)
    assert selectors.existing_accounts([one.account_id, two.account_id, os.urandom(16)]) == {one.account_id}


def test_device_facts_are_known_of_removed_devices_too():
    account = factories.make_account(suites=(1,))
    phone = factories.add_device(account)
    factories.remove_device(account, phone)
    first = selectors.device_facts(account.device.device_id)
    assert (first.account, first.device, first.suites, first.active) == (
        account.account_id,
        account.device.device_id,
        (1,),
        True,
    )
    assert not selectors.device_facts(phone.device_id).active
    assert selectors.device_facts(os.urandom(16)) is None


def test_ids_are_plain_bytes():
    account = factories.make_account()
    ((account_id, (device_id,)),) = selectors.active_devices([account.account_id]).items()
    assert type(account_id) is type(device_id) is bytes
