"""POST, PUT, GET, DELETE attachments: sealed files in parts, for whoever knows their id."""

import os
import time
from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.core.management import call_command

from keys import services
from messaging import part_storage
from messaging.models import Attachment, AttachmentRemains
from messaging.services import store_attachment
from talk2me import limits
from talk2me.errors import NotFound, StorageFailed
from tests import factories
from tests.api.attachment_client import PART, begin, content, get, put, send, state
from tests.api.keys_client import b64, error

pytestmark = pytest.mark.django_db
GONE = (404, "not_found")
BODY = b"sealed, of twenty b."


@pytest.fixture(autouse=True)
def folder(settings, tmp_path) -> Path:
    """Where the parts are."""
    settings.ATTACHMENT_PART_BYTES = PART
    options = {"location": tmp_path / "attachments", "allow_overwrite": True}
    backend = {"BACKEND": "messaging.part_storage.PartStorage", "OPTIONS": options}
    settings.STORAGES = settings.STORAGES | {"attachments": backend}
    return tmp_path / "attachments"


def files(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def expire(id_):
    Attachment.objects.filter(id=id_).update(expires=int(time.time()) - 60)


def delete(api, id_):
    return api.delete(f"attachments/{b64(id_)}")


def clear():
    call_command("delete_expired_attachments", verbosity=0)


# --- sending and reading ---


def test_a_file_goes_up_in_parts_and_whoever_knows_its_id_reads_it_whole(as_alice, as_bob, folder):
    id_ = os.urandom(16)
    begun = as_alice.post("attachments", {"id": b64(id_), "size": 20})
    assert begun.status_code == 201
    assert begun.json().keys() == {"part", "offset", "expires"}
    assert (begun.json()["part"], begun.json()["offset"]) == (PART, 0)
    assert put(as_alice, id_, 0, BODY[:8]).json() == {"offset": 8, "complete": False}
    assert put(as_alice, id_, 8, BODY[8:16]).json() == {"offset": 16, "complete": False}
    assert put(as_alice, id_, 16, BODY[16:]).json() == {"offset": 20, "complete": True}
    answer = get(as_bob, id_)
    assert answer.status_code == 200
    assert content(answer) == BODY
    digits = id_.hex()
    assert files(folder) == [f"{digits[:2]}/{digits}/{number}" for number in range(3)]


def test_a_browser_makes_nothing_of_what_it_gets(as_alice):
    headers = get(as_alice, send(as_alice, BODY)).headers
    assert headers["Content-Type"] == "application/octet-stream"
    assert headers["Content-Disposition"] == "attachment"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "no-store"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Content-Length"] == "20"


@pytest.mark.parametrize(("first", "last"), [(0, 19), (0, 0), (7, 8), (3, 18), (8, 15), (19, 19)])
def test_a_range_is_read_across_parts(as_alice, first, last):
    answer = get(as_alice, send(as_alice, BODY), Range=f"bytes={first}-{last}")
    assert answer.status_code == 206
    assert answer.headers["Content-Range"] == f"bytes {first}-{last}/20"
    assert answer.headers["Content-Length"] == str(last + 1 - first)
    assert content(answer) == BODY[first : last + 1]


@pytest.mark.parametrize("header", ["bytes=0-1,4-5", "bytes=20-", "bytes=0-,0-,0-,0-"])
def test_what_is_no_single_range_is_refused_and_the_size_is_told(as_alice, header):
    answer = get(as_alice, send(as_alice, BODY), Range=header)
    assert error(answer) == (416, "range_invalid")
    assert answer.headers["Content-Range"] == "bytes */20"


def test_after_a_lost_answer_one_goes_on_where_the_server_is(as_alice):
    id_ = begin(as_alice)
    put(as_alice, id_, 0, BODY[:8])
    again = put(as_alice, id_, 0, BODY[:8])
    assert (again.status_code, again.json()) == (409, {"error": "offset_wrong", "offset": 8})
    assert as_alice.post("attachments", {"id": b64(id_), "size": 20}).json()["offset"] == 8
    assert state(as_alice, id_).json()["offset"] == 8
    put(as_alice, id_, 8, BODY[8:16])
    put(as_alice, id_, 16, BODY[16:])
    last = put(as_alice, id_, 16, BODY[16:])
    assert (last.status_code, last.json()) == (409, {"error": "offset_wrong", "offset": 20})
    assert content(get(as_alice, id_)) == BODY


def test_no_part_can_be_left_out_or_written_twice(as_alice):
    id_ = begin(as_alice)
    assert put(as_alice, id_, 8, BODY[8:16]).json() == {"error": "offset_wrong", "offset": 0}
    put(as_alice, id_, 0, BODY[:8])
    assert put(as_alice, id_, 0, b"XXXXXXXX").status_code == 409
    put(as_alice, id_, 8, BODY[8:16])
    put(as_alice, id_, 16, BODY[16:])
    assert content(get(as_alice, id_)) == BODY


def test_a_part_has_the_size_that_was_told(as_alice):
    id_ = begin(as_alice)
    assert error(put(as_alice, id_, 0, b"x" * 9)) == (413, "too_large")
    assert error(put(as_alice, id_, 0, b"x" * 7)) == (400, "bad_request")
    assert error(put(as_alice, id_, 0, b"")) == (400, "bad_request")
    put(as_alice, id_, 0, BODY[:8])
    put(as_alice, id_, 8, BODY[8:16])
    assert error(put(as_alice, id_, 16, b"x" * 5)) == (413, "too_large")
    assert state(as_alice, id_).json()["offset"] == 16


@pytest.mark.parametrize("content_type", ["text/plain", "multipart/form-data", "application/json"])
def test_only_octets_are_taken(as_alice, content_type):
    assert error(put(as_alice, begin(as_alice), 0, BODY[:8], content_type)) == (400, "bad_request")


@pytest.mark.parametrize("offset", ["", "-1", "1.5", "x", "99999999999999999"])
def test_an_offset_is_a_number(as_alice, offset):
    assert error(put(as_alice, begin(as_alice), offset, BODY[:8])) == (400, "bad_request")


def test_the_size_of_parts_may_change_while_a_file_is_sent(as_alice, settings):
    id_ = begin(as_alice)
    put(as_alice, id_, 0, BODY[:8])
    settings.ATTACHMENT_PART_BYTES = 4
    assert as_alice.post("attachments", {"id": b64(id_), "size": 20}).json()["part"] == 8
    put(as_alice, id_, 8, BODY[8:16])
    put(as_alice, id_, 16, BODY[16:])
    assert content(get(as_alice, id_)) == BODY


def test_any_storage_of_django_will_do(as_alice, settings):
    memory = {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    settings.STORAGES = settings.STORAGES | {"attachments": memory}
    id_ = send(as_alice, BODY)
    assert content(get(as_alice, id_)) == BODY
    name = f"{id_.hex()[:2]}/{id_.hex()}/2"
    assert storages["attachments"].exists(name)
    delete(as_alice, id_)
    clear()
    assert not storages["attachments"].exists(name)


# --- who may ---


def test_nobody_reads_what_is_not_complete_but_its_sender_sees_how_far_it_is(as_alice, as_bob):
    id_ = begin(as_alice)
    put(as_alice, id_, 0, BODY[:8])
    assert error(get(as_alice, id_)) == error(get(as_bob, id_)) == error(state(as_bob, id_)) == GONE
    told = state(as_alice, id_).json()
    assert told.keys() == {"size", "offset", "complete", "expires"}
    assert (told["size"], told["offset"], told["complete"]) == (20, 8, False)


def test_another_account_can_write_into_it_or_delete_it_no_more_than_if_it_were_not_there(as_alice, as_bob):
    id_ = begin(as_alice)
    assert error(put(as_bob, id_, 0, BODY[:8])) == error(put(as_bob, os.urandom(16), 0, BODY[:8])) == GONE
    assert delete(as_bob, id_).json() == delete(as_bob, os.urandom(16)).json() == {}
    assert state(as_alice, id_).json()["offset"] == 0
    whole = send(as_alice, BODY)
    assert error(put(as_bob, whole, 20, b"x")) == GONE
    delete(as_bob, whole)
    assert content(get(as_bob, whole)) == BODY


def test_an_id_is_taken_by_who_came_first_and_with_the_words_of_the_beginning(as_alice, as_bob):
    id_ = begin(as_alice)
    for api, more in [(as_bob, {"size": 20}), (as_alice, {"size": 21}), (as_alice, {"size": 20, "keep": True})]:
        assert error(api.post("attachments", {"id": b64(id_), **more})) == (409, "id_conflict")


def test_without_token_there_is_nothing(as_alice, as_nobody):
    id_ = send(as_alice, BODY)
    for answer in (
        get(as_nobody, id_), state(as_nobody, id_), delete(as_nobody, id_), put(as_nobody, id_, 0, b"x"),
        as_nobody.post("attachments", {"id": b64(id_), "size": 1}),
    ):  # fmt: skip
        assert error(answer) == (401, "unauthenticated")
    assert Attachment.objects.count() == 1


def test_a_page_of_another_origin_is_refused(as_alice):
    assert error(get(as_alice, send(as_alice, BODY), Origin="https://evil.example")) == (403, "foreign_origin")


@pytest.mark.parametrize(
    "name", ["..", "../../etc/passwd", "%2e%2e%2f%2e%2e", "." * 22, "A" * 21 + "B", "A" * 23, "A" * 10 + "/" + "A" * 11]
)
def test_what_is_no_id_reaches_no_file(as_alice, folder, name):
    assert as_alice.get(f"attachments/{name}").status_code == 404
    answer = as_alice.post("attachments", {"id": name, "size": 8})
    assert error(answer) == (400, "bad_request")
    assert files(folder) == []


# --- how much and how long ---


def test_a_file_over_the_limit_is_refused_before_it_is_sent(as_alice, settings):
    settings.ATTACHMENT_MAX_BYTES = 20
    begin(as_alice, size=20)
    assert error(as_alice.post("attachments", {"id": b64(os.urandom(16)), "size": 21})) == (413, "too_large")


def test_a_body_over_every_limit_is_refused_unread(as_alice):
    id_ = begin(as_alice, size=4 * 1024 * 1024)
    assert error(put(as_alice, id_, 0, bytes(2 * 1024 * 1024 + 1))) == (413, "too_large")


@pytest.mark.parametrize(
    "more",
    [
        {"size": 0}, {"size": -1}, {"size": "8"}, {"size": None}, {"expires_in": None}, {"expires_in": 59},
        {"expires_in": "60"}, {"keep": 1}, {"keep": None}, {"keep": True, "expires_in": 60}, {"part": 8},
    ],
)  # fmt: skip
def test_a_beginning_is_as_described_and_nothing_else(as_alice, more):
    answer = as_alice.post("attachments", {"id": b64(os.urandom(16)), "size": 8, **more})
    assert error(answer) == (400, "bad_request")
    assert not Attachment.objects.exists()


def test_what_an_account_has_counts_to_its_quota_until_it_is_deleted(as_alice, as_bob, settings):
    settings.ATTACHMENT_QUOTA_BYTES = 2 * store_attachment.EACH_BYTES + 40
    first = begin(as_alice, size=20)
    begin(as_alice, size=20)
    assert error(as_alice.post("attachments", {"id": b64(os.urandom(16)), "size": 1})) == (507, "quota_reached")
    begin(as_bob, size=20)
    delete(as_alice, first)
    begin(as_alice, size=20)


def test_many_small_ones_count_too(as_alice, settings):
    settings.ATTACHMENT_QUOTA_BYTES = 3 * store_attachment.EACH_BYTES + 100
    for _ in range(3):
        begin(as_alice, size=1)
    assert error(as_alice.post("attachments", {"id": b64(os.urandom(16)), "size": 1})) == (507, "quota_reached")


def test_one_account_sends_and_reads_only_so_much_in_an_hour(as_alice, as_bob, settings):
    limits.forget_all()
    each = store_attachment.EACH_BYTES // 1024
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"upload": f"{each + 3}/hour", "download": "2/hour"}
    id_ = send(as_alice, BODY)
    assert error(as_alice.post("attachments", {"id": b64(os.urandom(16)), "size": 1})) == (429, "rate_limited")
    assert [get(as_alice, id_).status_code for _ in range(3)] == [200, 200, 429]
    assert get(as_bob, id_).status_code == 200
    limits.forget_all()


def test_it_stays_as_long_as_its_sender_said_and_no_longer_than_the_server_allows(as_alice, settings):
    def days(**more):
        expires = state(as_alice, begin(as_alice, **more)).json()["expires"]
        return (expires / 1000 - time.time()) / (24 * 3600)

    assert 30 <= days() < 30.01
    assert 1 <= days(expires_in=24 * 3600) < 1.01
    assert 30 <= days(expires_in=90 * 24 * 3600) < 30.01
    settings.ATTACHMENT_DAYS = 7
    assert 7 <= days() < 7.01


def test_a_kept_one_stays_once_it_is_complete(as_alice):
    unfinished = begin(as_alice, keep=True)
    assert state(as_alice, unfinished).json()["expires"] > 0
    kept = send(as_alice, BODY, keep=True)
    assert state(as_alice, kept).json()["expires"] is None
    clear()
    assert content(get(as_alice, kept)) == BODY


def test_what_never_was_and_what_is_no_more_are_told_alike(as_alice, as_bob):
    expired, deleted, unfinished = send(as_alice, BODY), send(as_alice, BODY), begin(as_alice)
    expire(expired)
    delete(as_alice, deleted)
    for id_ in (expired, deleted, unfinished, os.urandom(16)):
        answers = [get(as_bob, id_), state(as_bob, id_), get(as_bob, id_, Range="bytes=99-")]
        assert {(*error(answer), answer.content) for answer in answers} == {(*GONE, b'{"error": "not_found"}')}
    assert error(state(as_alice, expired)) == error(put(as_alice, expired, 20, b"x")) == GONE


# --- deleting ---


def test_what_is_deleted_is_gone_at_once_and_its_parts_with_the_next_turn(as_alice, folder):
    id_, other = send(as_alice, BODY), send(as_alice, BODY)
    assert delete(as_alice, id_).json() == {}
    assert error(get(as_alice, id_)) == GONE
    assert len(files(folder)) == 6
    clear()
    assert [name for name in files(folder) if id_.hex() in name] == []
    assert len(files(folder)) == 3
    assert content(get(as_alice, other)) == BODY
    assert delete(as_alice, id_).json() == {}


def test_what_has_expired_goes_complete_or_not(as_alice, folder):
    for id_ in (send(as_alice, BODY), begin(as_alice), begin(as_alice, keep=True)):
        put(as_alice, id_, 0, BODY[:8])
        expire(id_)
    clear()
    assert files(folder) == []
    assert not Attachment.objects.exists()
    assert not AttachmentRemains.objects.exists()


def test_an_id_stays_taken_until_the_parts_are_gone(as_alice, as_bob, folder):
    id_ = send(as_alice, BODY)
    delete(as_alice, id_)
    assert error(as_bob.post("attachments", {"id": b64(id_), "size": 20})) == (409, "id_conflict")
    assert not Attachment.objects.exists()
    clear()
    begin(as_bob, id_)
    clear()
    assert state(as_bob, id_).status_code == 200


def test_parts_that_could_not_be_deleted_are_tried_again(as_alice, folder, monkeypatch):
    first, second = sorted([send(as_alice, BODY), send(as_alice, BODY)])
    delete(as_alice, first)
    delete(as_alice, second)
    real = part_storage.PartStorage.delete_folder

    def fail_for_one(self, name):
        if first.hex() in name:
            raise PermissionError
        real(self, name)

    monkeypatch.setattr(part_storage.PartStorage, "delete_folder", fail_for_one)
    with pytest.raises(StorageFailed):
        clear()
    assert [remains.id for remains in AttachmentRemains.objects.all()] == [first]
    monkeypatch.undo()
    clear()
    assert files(folder) == []


def test_a_part_whose_row_was_not_written_is_written_again_and_goes_with_the_rest(as_alice, folder, monkeypatch):
    id_ = begin(as_alice)
    real = store_attachment.put_part

    def crash(*given):
        real(*given)
        raise StorageFailed

    monkeypatch.setattr(store_attachment, "put_part", crash)
    assert error(put(as_alice, id_, 0, b"other by")) == (503, "storage_failed")
    monkeypatch.undo()
    assert state(as_alice, id_).json()["offset"] == 0
    assert len(files(folder)) == 1
    for offset in (0, 8, 16):
        put(as_alice, id_, offset, BODY[offset : offset + 8])
    assert content(get(as_alice, id_)) == BODY
    delete(as_alice, id_)
    clear()
    assert files(folder) == []


def test_a_storage_that_fails_is_said_to_and_nothing_counts_as_stored(as_alice, folder, caplog):
    id_ = begin(as_alice)
    folder.write_text("no folder")
    answer = put(as_alice, id_, 0, BODY[:8])
    assert error(answer) == (503, "storage_failed")
    assert answer.headers["Retry-After"]
    assert state(as_alice, id_).json()["offset"] == 0
    assert "parts of attachments can't be reached" in caplog.text
    assert str(folder) not in caplog.text
    folder.unlink()
    assert put(as_alice, id_, 0, BODY[:8]).status_code == 200


def test_an_attachment_that_goes_while_it_is_read_is_not_taken_for_whole(as_alice):
    answer = get(as_alice, send(as_alice, BODY))
    delete(as_alice, next(iter(Attachment.objects.values_list("id", flat=True))))
    clear()
    with pytest.raises(NotFound):
        content(answer)


def test_a_part_that_was_cut_short_is_not_taken_for_whole(as_alice, folder):
    id_ = send(as_alice, BODY)
    (folder / id_.hex()[:2] / id_.hex() / "1").write_bytes(b"short")
    with pytest.raises(StorageFailed):
        content(get(as_alice, id_))


def test_with_an_account_all_that_it_sent_goes(as_alice, as_bob, alice, folder):
    send(as_alice, BODY)
    send(as_alice, BODY, keep=True)
    begin(as_alice)
    left = send(as_bob, BODY)
    services.delete_account(alice.account_id)
    clear()
    assert [one.id for one in Attachment.objects.all()] == [left]
    assert len(files(folder)) == 3


def test_who_starts_over_loses_what_was_kept_and_others_can_still_read_the_rest(as_alice, as_bob, alice):
    sent, kept = send(as_alice, BODY), send(as_alice, BODY, keep=True)
    factories.start_over(alice)
    assert content(get(as_bob, sent)) == BODY
    assert error(get(as_bob, kept)) == GONE


def test_no_id_and_no_address_is_logged(as_alice, caplog, settings):
    settings.TRUSTED_PROXIES = 1
    address = "198.51.100.77"
    with caplog.at_level("DEBUG"):
        id_ = send(as_alice, BODY)
        get(as_alice, id_, **{"X-Forwarded-For": address})
        put(as_alice, id_, 0, b"x")
        delete(as_alice, id_)
        clear()
        get(as_alice, id_)
    told = [record.getMessage() for record in caplog.records if record.name != "django.db.backends"]
    assert [line for line in told if id_.hex() in line or b64(id_) in line or address in line] == []
