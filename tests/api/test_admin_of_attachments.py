"""What operators see of attachments: whose they are, sizes and ages; not the whole id, and nothing to change."""

import pytest
from django.contrib.auth import get_user_model

from messaging.clock import in_seconds
from messaging.models import Attachment

LIST = "/admin/messaging/attachment/"
ID, ACCOUNT = bytes.fromhex("c0ffee11") + bytes(12), bytes.fromhex("abcdef012345") + bytes(10)


@pytest.fixture
def operator(client, db):
    client.force_login(get_user_model().objects.create_superuser("operator", "", "password"))
    Attachment.objects.create(id=ID, account=ACCOUNT, size=4096, part=1024, offset=2048, expires=in_seconds(3600))
    Attachment.objects.create(id=bytes(16), account=ACCOUNT, size=1, part=1024, offset=1, keep=True, expires=None)
    return client


def test_the_list_shows_sizes_and_whose_they_are_and_no_whole_id(operator):
    text = operator.get(LIST).content.decode()
    assert "c0ffee11" in text
    assert "abcdef012345" in text
    assert "4.0\xa0KB" in text
    assert "2.0\xa0KB" in text
    assert ID.hex() not in text
    assert "style=" not in text


def test_nothing_can_be_added_changed_or_deleted(operator):
    assert operator.get(f"{LIST}add/").status_code in (400, 403)
    operator.post(LIST, {"action": "delete_selected", "_selected_action": [str(ID)], "post": "yes"})
    assert Attachment.objects.count() == 2


def test_what_remains_of_deleted_ones_has_no_page(operator):
    assert operator.get("/admin/messaging/attachmentremains/").status_code == 404
