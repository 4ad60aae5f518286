"""Several at once: a part is written once, a quota is not passed, a deletion leaves nothing behind."""

import os
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.db import connection

from messaging.models import Attachment, AttachmentRemains
from messaging.part_storage import read_part
from messaging.services.delete_attachment import delete_attachment, delete_expired_attachments, forget_attachments
from messaging.services.store_attachment import EACH_BYTES, begin_attachment, store_part
from talk2me.errors import IdConflict, NotFound, OffsetWrong, QuotaReached, Talk2meError
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)
SIZE = 16


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.ATTACHMENT_PART_BYTES = 8
    options = {"location": tmp_path, "allow_overwrite": True}
    backend = {"BACKEND": "messaging.part_storage.PartStorage", "OPTIONS": options}
    settings.STORAGES = settings.STORAGES | {"attachments": backend}
    return tmp_path


@pytest.fixture
def account():
    return factories.make_account().account_id


def at_once(*calls):
    """Runs each call in a thread with a database connection of its own; gives results, or the errors that we tell."""

    def run(call):
        try:
            return call()
        except Talk2meError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(run, calls))


def begin(account, id_, size=SIZE):
    return begin_attachment(account, id_, size, None, keep=False)


def test_of_several_that_send_one_part_one_wins_and_its_bytes_are_kept(account):
    for id_ in [os.urandom(16) for _ in range(5)]:
        begin(account, id_)
        bodies = [bytes([number]) * 8 for number in range(4)]
        results = at_once(*[partial(store_part, account, id_, 0, body) for body in bodies])
        won = [number for number, result in enumerate(results) if isinstance(result, Attachment)]
        lost = [result for result in results if not isinstance(result, Attachment)]
        assert len(won) == 1
        assert [(type(error), error.offset) for error in lost] == [(OffsetWrong, 8)] * 3
        assert read_part(id_, 0) == bodies[won[0]]


def test_several_that_begin_do_not_pass_the_quota_together(account, settings):
    settings.ATTACHMENT_QUOTA_BYTES = 2 * (SIZE + EACH_BYTES)
    results = at_once(*[lambda: begin(account, os.urandom(16))] * 5)
    assert sorted(type(result).__name__ for result in results) == ["Attachment"] * 2 + ["QuotaReached"] * 3
    assert Attachment.objects.count() == 2
    with pytest.raises(QuotaReached):
        begin(account, os.urandom(16))


def test_of_two_accounts_one_gets_an_id(account):
    other, id_ = factories.make_account().account_id, os.urandom(16)
    results = at_once(lambda: begin(account, id_), lambda: begin(other, id_))
    assert sorted(type(result).__name__ for result in results) == ["Attachment", "IdConflict"]
    assert any(isinstance(result, IdConflict) for result in results)


def test_a_deletion_while_a_part_is_stored_leaves_nothing(account, folder):
    for id_ in [os.urandom(16) for _ in range(5)]:
        begin(account, id_)
        stored, *_ = at_once(
            partial(store_part, account, id_, 0, bytes(8)),
            partial(delete_attachment, account, id_),
            delete_expired_attachments,
        )
        assert isinstance(stored, Attachment | NotFound)
        delete_expired_attachments()
        assert [path for path in folder.rglob("*") if path.is_file()] == []
        assert not AttachmentRemains.objects.exists()


def test_what_is_begun_while_its_account_is_forgotten_is_not_left_over(account):
    id_ = os.urandom(16)
    begin(account, id_)
    begun, _ = at_once(lambda: begin(account, id_), lambda: forget_attachments(account))
    # It was there before or is refused; never a new row beside remains whose parts are about to be deleted.
    assert isinstance(begun, Attachment | IdConflict)
    assert not Attachment.objects.filter(id__in=AttachmentRemains.objects.values("id")).exists()
