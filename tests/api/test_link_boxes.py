"""POST, PUT, GET, DELETE link_boxes: what two browsers leave each other, for some minutes."""

import os
from datetime import timedelta

import pytest

from keys import clock, services
from keys.models import LinkBox, LinkPart
from talk2me import limits
from tests import factories
from tests.api.keys_client import Api, b64, error

pytestmark = pytest.mark.django_db

GONE = (404, "not_found")


@pytest.fixture
def box(as_alice):
    """The path of a box of Alice's."""
    return made(as_alice, os.urandom(16))


def made(api, box_id):
    assert api.post("link_boxes", {"box": b64(box_id)}).status_code == 201
    return f"link_boxes/{b64(box_id)}"


def part(number, body=b"sealed"):
    return {"number": number, "body": b64(body)}


def chain_of(api, box):
    return api.post(f"{box}/chain", {"since": 0})


def test_what_one_browser_leaves_in_a_box_another_finds_there(as_alice, as_nobody, box):
    assert as_nobody.get(f"{box}?number=1").json() == {"body": None}
    assert as_alice.put(box, part(1, b"from the old one")).json() == {}
    assert as_nobody.get(f"{box}?number=1").json() == {"body": b64(b"from the old one")}
    assert as_nobody.put(box, part(2, b"from the new one")).json() == {}
    assert as_alice.get(f"{box}?number=2").json() == {"body": b64(b"from the new one")}


def test_a_box_says_how_long_it_stays_and_is_the_same_when_made_again(as_alice, as_nobody):
    box_id = os.urandom(16)
    first = as_alice.post("link_boxes", {"box": b64(box_id)}).json()
    assert 298 <= first["expires_in"] <= 360
    as_nobody.put(f"link_boxes/{b64(box_id)}", part(2))
    again = as_alice.post("link_boxes", {"box": b64(box_id)})
    assert again.status_code == 201
    assert again.json()["expires_in"] <= first["expires_in"]
    assert LinkPart.objects.count() == 1


def test_only_a_signed_in_device_makes_a_box(as_nobody):
    assert error(as_nobody.post("link_boxes", {"box": b64(os.urandom(16))})) == (401, "unauthenticated")


def test_a_part_is_written_once(as_nobody, box):
    assert as_nobody.put(box, part(3)).status_code == 200
    assert as_nobody.put(box, part(3)).status_code == 200
    assert error(as_nobody.put(box, part(3, b"other"))) == (409, "link_part_taken")
    assert as_nobody.get(f"{box}?number=3").json() == {"body": b64(b"sealed")}


@pytest.mark.parametrize("number", [0, 6, -1, "1"])
def test_there_are_five_parts_and_no_others(as_nobody, box, number):
    assert error(as_nobody.put(box, part(number))) == (400, "bad_request")
    if number != "1":
        assert error(as_nobody.get(f"{box}?number={number}")) == (400, "bad_request")
    assert error(as_nobody.get(box)) == (400, "bad_request")


def test_a_part_has_at_most_16_kib(as_nobody, box):
    assert as_nobody.put(box, part(1, bytes(16 * 1024))).status_code == 200
    assert error(as_nobody.put(box, part(2, bytes(16 * 1024 + 1)))) == (413, "too_large")


def test_whoever_has_the_id_of_a_box_reads_the_chain_of_its_account_with_proofs(as_alice, as_nobody, alice, box):
    told = chain_of(as_nobody, box).json()
    assert told["account"] == b64(alice.account_id)
    assert len(told["events"]) == 1
    path = f"accounts/{b64(alice.account_id)}/chain?after=0&since=0"
    assert told["log"].keys() == as_alice.get(path).json()["log"].keys()


def test_a_box_that_never_was_is_not_found(as_nobody):
    box = f"link_boxes/{b64(os.urandom(16))}"
    assert error(as_nobody.put(box, part(1))) == GONE
    assert error(as_nobody.get(f"{box}?number=1")) == GONE
    assert error(chain_of(as_nobody, box)) == GONE


def test_a_box_is_gone_when_its_time_has_passed_and_is_then_deleted(as_nobody, box):
    as_nobody.put(box, part(1))
    LinkBox.objects.update(expires=clock.now() - timedelta(seconds=1))
    assert error(as_nobody.get(f"{box}?number=1")) == GONE
    assert error(as_nobody.put(box, part(2))) == GONE
    assert error(chain_of(as_nobody, box)) == GONE
    assert services.delete_expired() == {"keys.LinkBox": 1, "keys.LinkPart": 1}


def test_an_id_whose_time_has_passed_can_be_a_box_again(as_alice, as_bob):
    box_id = os.urandom(16)
    made(as_alice, box_id)
    LinkBox.objects.update(expires=clock.now() - timedelta(seconds=1))
    box = made(as_bob, box_id)
    assert as_alice.get(f"{box}?number=1").json() == {"body": None}


def test_a_box_of_a_suspended_account_is_gone(as_nobody, alice, box):
    services.suspend_account(alice.account_id)
    assert error(as_nobody.get(f"{box}?number=1")) == GONE
    assert error(chain_of(as_nobody, box)) == GONE


def test_an_account_has_three_boxes_and_the_oldest_gives_way(as_alice, as_bob, as_nobody):
    other = made(as_bob, os.urandom(16))
    boxes = [made(as_alice, os.urandom(16)) for _ in range(4)]
    assert error(as_nobody.get(f"{boxes[0]}?number=1")) == GONE
    assert all(as_nobody.get(f"{box}?number=1").status_code == 200 for box in [*boxes[1:], other])


def test_another_account_can_take_no_box_and_delete_none(as_alice, as_bob, as_nobody):
    box_id = os.urandom(16)
    box = made(as_alice, box_id)
    assert error(as_bob.post("link_boxes", {"box": b64(box_id)})) == (409, "id_conflict")
    assert as_bob.delete(box).json() == {}
    assert as_nobody.get(f"{box}?number=1").status_code == 200
    assert error(as_nobody.delete(box)) == (401, "unauthenticated")
    assert as_alice.delete(box).json() == {}
    assert error(as_nobody.get(f"{box}?number=1")) == GONE


def test_every_device_of_the_account_may_delete_its_boxes(client, alice, as_nobody, box):
    assert Api(client, factories.add_device(alice)).delete(box).json() == {}
    assert not LinkBox.objects.exists()


def test_one_address_asks_only_so_often_for_parts(as_nobody, box, settings):
    limits.forget_all()
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"link": "2/hour"}
    assert as_nobody.get(f"{box}?number=1").status_code == 200
    assert as_nobody.put(box, part(1)).status_code == 200
    assert error(chain_of(as_nobody, box)) == (429, "rate_limited")
    limits.forget_all()
