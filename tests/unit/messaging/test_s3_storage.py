"""Parts in an object store, with the library that operators install for it (requirements-s3.txt)."""

import os

import pytest

from messaging.part_storage import delete_parts, has_parts, put_part, read_part
from talk2me.errors import NotFound, StorageFailed
from tests.unit.messaging.object_store import object_store

pytest.importorskip("storages.backends.s3", reason="requirements-s3.txt is not installed")
ID = bytes(range(16))
FOLDER = f"/bucket/00/{ID.hex()}"


@pytest.fixture
def store(settings):
    with object_store() as store:
        options = {"bucket_name": "bucket", "endpoint_url": store.endpoint, "region_name": "x"}
        options |= {"access_key": "a", "secret_key": "s"}
        backend = {"BACKEND": "messaging.s3_storage.S3PartStorage", "OPTIONS": options}
        settings.STORAGES = settings.STORAGES | {"attachments": backend}
        yield store


def test_a_part_is_one_object_with_exactly_its_bytes(store):
    body = os.urandom(1024 * 1024)
    put_part(ID, 3, body)
    assert store.objects == {f"{FOLDER}/3": body}
    assert store.asked == [f"PUT {FOLDER}/3"]
    assert read_part(ID, 3) == body


def test_a_part_that_is_put_again_takes_the_place_of_the_first(store):
    put_part(ID, 0, b"one")
    put_part(ID, 0, b"other")
    assert store.objects == {f"{FOLDER}/0": b"other"}


def test_what_is_not_there_is_not_found_and_deleting_it_is_no_error(store):
    put_part(ID, 0, b"one")
    put_part(ID, 2, b"three")
    delete_parts(ID, 3)
    assert store.objects == {}
    with pytest.raises(NotFound):
        read_part(ID, 0)


def test_a_store_that_fails_is_told_as_such_and_its_address_reaches_no_log(store, caplog):
    put_part(ID, 0, b"one")
    store.broken = 500
    for call in (lambda: put_part(ID, 0, b"x"), lambda: read_part(ID, 0), lambda: delete_parts(ID, 1)):
        with pytest.raises(StorageFailed):
            call()
    assert "can't be reached" in caplog.text
    assert "127.0.0.1" not in "".join(record.getMessage() for record in caplog.records if record.levelname != "DEBUG")


def test_it_is_seen_whether_a_bucket_is_empty_and_that_one_may_not_look_is_told(store):
    assert not has_parts()
    put_part(ID, 0, b"one")
    assert has_parts()
    store.broken = 403
    with pytest.raises(StorageFailed):
        has_parts()
