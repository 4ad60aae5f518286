"""GET devices: what the server knows of the account's devices."""

import pytest

from keys import clock
from keys.models import Device
from tests import factories
from tests.api.keys_client import Api, b64

pytestmark = pytest.mark.django_db


def test_devices_are_told_with_their_days(as_alice, alice, bob):
    phone = factories.add_device(alice)
    today = clock.today().isoformat()
    Device.objects.filter(uid=alice.device.device_id).update(last_seen="2026-01-31")
    assert as_alice.get("devices").json() == {
        "devices": [
            {"device": b64(alice.device.device_id), "created": today, "last_seen": "2026-01-31"},
            {"device": b64(phone.device_id), "created": today, "last_seen": None},
        ],
        "reset_from": None,
    }


def test_a_removed_device_is_told_with_the_days_it_had(client, alice):
    phone = factories.add_device(alice)
    as_phone = Api(client, phone)
    factories.remove_device(alice, alice.device)
    devices = as_phone.get("devices").json()["devices"]
    assert [one["device"] for one in devices] == [b64(alice.device.device_id), b64(phone.device_id)]
