"""GET push/key, PUT and DELETE push: where a device wants to be told that something waits."""

import pytest

from keys import base64url
from messaging.models import PushSubscription
from tests import factories
from tests.api.keys_client import Api, b64, error

pytestmark = pytest.mark.django_db

ONE = "https://push.example.org/send/abc?x=1"
OTHER = "https://push.example.org/send/def"


@pytest.fixture(autouse=True)
def _with_a_key(settings):
    settings.PUSH_KEY = "tests only, tests only, tests only, 4"


def stored():
    return dict(PushSubscription.objects.values_list("device", "endpoint"))


def test_the_key_is_a_point_of_p256_and_stays_the_same(as_alice):
    key = base64url.decode(as_alice.get("push/key").json()["key"], 65)
    assert key[0] == 4
    assert as_alice.get("push/key").json()["key"] == b64(key)


def test_a_device_has_one_address_the_last(as_alice, alice):
    assert as_alice.put("push", {"endpoint": ONE}).json() == {}
    assert as_alice.put("push", {"endpoint": OTHER}).json() == {}
    assert stored() == {alice.device.device_id: OTHER}


def test_a_browser_that_became_another_device_is_told_as_that_one_alone(as_alice, as_bob, bob):
    as_alice.put("push", {"endpoint": ONE})
    as_bob.put("push", {"endpoint": ONE})
    assert stored() == {bob.device.device_id: ONE}


def test_who_wants_no_more_is_forgotten_and_so_again(as_alice, as_bob, bob):
    as_alice.put("push", {"endpoint": ONE})
    as_bob.put("push", {"endpoint": OTHER})
    assert as_alice.delete("push").json() == {}
    assert as_alice.delete("push").json() == {}
    assert stored() == {bob.device.device_id: OTHER}


def test_it_goes_with_the_device(client, as_alice, alice):
    second = factories.add_device(alice)
    as_alice.put("push", {"endpoint": ONE})
    Api(client, second).put("push", {"endpoint": OTHER})
    factories.remove_device(alice, second)
    assert stored() == {alice.device.device_id: ONE}


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://push.example.org/send",
        "https://push.example.org:8443/send",
        "https://me@push.example.org/send",
        "https://push.example.org/send#part",
        "https://push.example.org",
        "https://localhost/send",
        "https://[::1]/send",
        "https://push.example.org/a b",
        "https://push.example.org/a\r\nHost: other",
        "https://push.example.org:port/send",
        "https://push.example.org/" + "a" * 1024,
        "https://" + "a" * 64 + ".example.org/send",
        "https://" + "a." * 126 + "org/send",
        "file:///etc/passwd",
        "push",
        "",
        None,
        1,
    ],
)
def test_what_is_no_push_service_is_refused(as_alice, endpoint):
    assert error(as_alice.put("push", {"endpoint": endpoint})) == (400, "bad_request")
    assert stored() == {}


def test_keys_for_contents_are_not_taken_as_there_are_none(as_alice):
    fields = {"endpoint": ONE, "p256dh": "a", "auth": "b"}
    assert error(as_alice.put("push", fields)) == (400, "bad_request")


def test_nobody_else_is_heard(as_nobody):
    for answer in (as_nobody.get("push/key"), as_nobody.put("push", {"endpoint": ONE}), as_nobody.delete("push")):
        assert error(answer) == (401, "unauthenticated")


def test_a_server_without_a_key_says_so_and_takes_no_address(as_alice, settings):
    settings.PUSH_KEY = ""
    assert as_alice.get("push/key").json() == {"key": None}
    assert error(as_alice.put("push", {"endpoint": ONE})) == (404, "not_found")
    assert stored() == {}
