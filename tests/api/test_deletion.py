"""POST account/deletion: the account goes, and nothing of it is left where it was."""
# ruff: noqa: SLF001 - `_meta` is Django's documented name.

import os
import time
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings as configured
from django.db import connection

from keys import base64url, labels, services, usernames
from keys.models import Account, AccountEvent, Device
from messaging.models import Attachment, AttachmentRemains, Envelope, GroupInfo, Mailbox, Membership, Report
from messaging.services import forget_account
from messaging.services.delete_attachment import delete_expired_attachments
from messaging.services.expire_envelopes import expire_step
from operators.models import AuditEntry
from talk2me import limits
from talk2me.errors import StorageFailed
from tests import factories
from tests.api import attachment_client
from tests.api.filled_account import fill, mailbox
from tests.api.keys_client import Api, b64, error
from tests.api.test_what_is_known import LEFT_OUT, SHOWN

pytestmark = pytest.mark.django_db(transaction=True)
INVALID = (400, "signature_invalid")


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    options = settings.STORAGES["attachments"]["OPTIONS"] | {"location": tmp_path}
    settings.STORAGES = settings.STORAGES | {"attachments": settings.STORAGES["attachments"] | {"OPTIONS": options}}
    settings.ATTACHMENT_PART_BYTES = 1000
    limits.forget_all()
    yield tmp_path
    limits.forget_all()


@pytest.fixture
def alice(db):
    """By a name that nothing else has in it."""
    return factories.make_account("alexandrina")


def sign(account, signer, nonce, **other):
    """The body of a deletion; another key or nonce may have signed it."""
    signed = labels.signed_deletion(configured.ORIGIN, account.account_id, signer.device_id, nonce)
    keys = {"identity": account.identity_key, "device": signer.sign_in_key} | other
    return {"nonce": b64(nonce)} | {name: b64(key.sign(signed)) for name, key in keys.items()}


def ask(api):
    return base64url.decode(api.post("account/deletion/challenge", {}).json()["nonce"])


def delete(api, account, device=None):
    return api.post("account/deletion", sign(account, device or account.device, ask(api)))


def dump():
    """Every value of every column of every table, with its place."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 - names of tables
            columns = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                found += [(f"{table}.{column}", as_bytes(value)) for column, value in zip(columns, row, strict=True)]
    return found


def as_bytes(value):
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()


def needles(alice, made):
    """What must not be found any more, by name: as bytes, and for ids as base64url, as they stand in JSON."""
    row = Account.objects.get(uid=alice.account_id)
    raw = {"account": alice.account_id, "identity key": factories.public(alice.identity_key)}
    raw |= {"recovery key": factories.public(alice.recovery_key)}
    for number, device in enumerate(alice.devices):
        raw[f"device {number}"] = device.device_id
        raw[f"sign-in key {number}"] = factories.public(device.sign_in_key)
        raw[f"signature key {number}"] = factories.public(device.signature_key)
    found = raw | {f"{name} as text": b64(value).encode() for name, value in raw.items()}
    for event in AccountEvent.objects.filter(account=row):
        found |= {f"event {event.seq}": event.event, f"opening {event.seq}": event.opening}
    found |= {
        "name": alice.username.encode(),
        "name opening": row.name_opening,
        "vault": b"vault" * 20,
        "key package": b"package" * 30,
    }
    found |= {"link part": b"linked" * 10, "credential": b"credential of alice", "passkey": b"public key of passkey"}
    found |= {"push": b"push.example.org/send/alice", "note": b"he is rude"}
    found |= {name: made[name].pk for name in ("archive", "sent", "kept")} | {"box": made["box"]}
    for envelope in Envelope.objects.filter(mailbox=made["archive"]):
        found[f"archived {envelope.sequence}"] = envelope.body
    for own in Mailbox.objects.filter(subscription__account=alice.account_id, kind=1):
        found[f"device mailbox {own.pk.hex()}"] = own.pk
    return found


def places_of(wanted, dumped):
    return {name: {place for place, value in dumped if needle in value} for name, needle in wanted.items()}


def filled(client, alice, bob):
    factories.add_device(alice)
    factories.remove_device(alice, factories.add_device(alice))
    return fill(alice, bob)


def test_every_table_forgets_every_id_name_key_and_body(client, alice, bob):
    made = filled(client, alice, bob)
    with_rows = {model._meta.label for model in apps.get_models() if model.objects.exists()}
    assert SHOWN.keys() <= with_rows
    wanted = needles(alice, made)
    assert {name for name, places in places_of(wanted, dump()).items() if not places} == set()
    assert delete(Api(client, alice.device), alice).json() == {}
    after = places_of(wanted, dump())
    assert {name: places for name, places in after.items() if places} == {}


def test_others_and_the_key_log_lose_nothing(client, alice, bob):
    made = filled(client, alice, bob)
    before = {model: model.objects.count() for model in apps.get_models() if model._meta.label in LEFT_OUT}
    leaves = apps.get_model("keys.LogLeaf").objects.count()
    delete(Api(client, alice.device), alice)
    assert apps.get_model("keys.LogLeaf").objects.count() == leaves
    grown = {"keys.SpentKeyPackage", "messaging.Passed", "messaging.AttachmentRemains"}
    assert {model._meta.label for model, count in before.items() if model.objects.count() != count} <= grown
    shared = Mailbox.objects.get(pk=made["conversation"].pk)
    assert Envelope.objects.filter(mailbox=shared).count() == 1
    assert GroupInfo.objects.filter(mailbox=shared).exists()
    assert list(Membership.objects.filter(mailbox=shared).values_list("account", flat=True)) == [bob.account_id]
    report = Report.objects.get()
    assert (report.reporter, report.note, report.content) == (b"", "", b"shown by alice")
    assert report.account == bob.account_id
    entry = AuditEntry.objects.get()
    assert (entry.operator, entry.action, entry.kind) == ("operator", "suspended", "keys.account")
    assert Api(client, bob.device).get("account").status_code == 200


@pytest.mark.skipif("sqlite3" not in configured.DATABASES["default"]["ENGINE"], reason="of SQLite's file")
def test_the_bytes_of_the_file_and_of_its_log_are_overwritten(client, alice, bob):
    made = filled(client, alice, bob)
    # More than fits between other rows: pages of its own, which are then free.
    large = mailbox(3, alice, sizes=[20_000] * 20)
    wanted = needles(alice, made)
    wanted |= {f"large {one.sequence}": one.body[5000:5100] for one in Envelope.objects.filter(mailbox=large)}
    Api(client, alice.device)
    assert {name for name, needle in wanted.items() if needle not in file_bytes()} == set()
    delete(Api(client, alice.device), alice)
    left = file_bytes()
    assert {name for name, needle in wanted.items() if needle in left} == set()


def file_bytes():
    name = str(connection.settings_dict["NAME"])
    return b"".join(Path(name + end).read_bytes() for end in ("", "-wal") if Path(name + end).exists())


def test_the_objects_of_its_files_are_gone_before_the_answer(client, alice, bob, folder):
    as_alice, as_bob = Api(client, alice.device), Api(client, bob.device)
    attachment_client.PART, before = 1000, attachment_client.PART
    try:
        attachment_client.send(as_alice, os.urandom(2500))
        attachment_client.send(as_alice, os.urandom(500), keep=True)
        left = attachment_client.send(as_bob, os.urandom(500))
    finally:
        attachment_client.PART = before
    delete(as_alice, alice)
    assert [one.id for one in Attachment.objects.all()] == [left]
    assert not AttachmentRemains.objects.exists()
    assert [path.parent.name for path in folder.rglob("*") if path.is_file()] == [left.hex()]


def test_what_a_storage_can_not_delete_now_the_job_deletes_later(client, alice, monkeypatch):
    as_alice = Api(client, alice.device)
    attachment_client.begin(as_alice)

    def refuse(*_parts):
        raise StorageFailed

    with monkeypatch.context() as patched:
        patched.setattr("messaging.services.delete_attachment.delete_parts", refuse)
        assert delete(as_alice, alice).json() == {}
    assert AttachmentRemains.objects.count() == 1
    assert delete_expired_attachments() == 1
    assert not AttachmentRemains.objects.exists()


def test_a_large_archive_is_left_to_the_job_and_read_by_nobody_meanwhile(client, alice, monkeypatch):
    archive = mailbox(3, alice, sizes=[10] * 600)
    monkeypatch.setattr(forget_account, "SECONDS", 0.0)
    delete(Api(client, alice.device), alice)
    assert Envelope.objects.filter(mailbox=archive).count() == 600
    assert not Membership.objects.exists()
    while expire_step():
        pass
    assert not Mailbox.objects.exists()
    assert not Envelope.objects.exists()


def test_a_failure_in_the_middle_leaves_everything(client, alice, bob, monkeypatch):
    filled(client, alice, bob)
    as_alice = Api(client, alice.device)

    def fail(*_what):
        raise StorageFailed

    monkeypatch.setattr("messaging.receivers._close_sockets", fail)
    nonce, before = ask(as_alice), dump()
    assert error(as_alice.post("account/deletion", sign(alice, alice.device, nonce))) == (503, "storage_failed")
    assert dump() == before


def test_it_takes_the_identity_key_and_the_devices_own(client, alice, bob):
    as_alice, phone = Api(client, alice.device), factories.add_device(alice)
    nonce = ask(as_alice)
    for other in ({"identity": bob.identity_key}, {"device": phone.sign_in_key}, {"device": alice.identity_key}):
        assert error(as_alice.post("account/deletion", sign(alice, alice.device, nonce, **other))) == INVALID
    # Of another device, of another account, and one that nobody gave.
    assert error(as_alice.post("account/deletion", sign(alice, phone, nonce))) == INVALID
    assert error(as_alice.post("account/deletion", sign(bob, bob.device, nonce))) == INVALID
    assert error(as_alice.post("account/deletion", sign(alice, alice.device, os.urandom(56)))) == INVALID
    assert error(Api(client).post("account/deletion", sign(alice, alice.device, nonce))) == (401, "unauthenticated")
    assert Account.objects.count() == 2


def test_a_nonce_for_something_else_or_too_old_deletes_nothing(client, alice, monkeypatch):
    as_alice = Api(client, alice.device)
    sign_in = services.start_sign_in(alice.account_id, alice.device.device_id)[0]
    assert error(as_alice.post("account/deletion", sign(alice, alice.device, sign_in))) == INVALID
    nonce = ask(as_alice)
    later = time.time() + 121
    monkeypatch.setattr("keys.nonces.time.time", lambda: later)
    assert error(as_alice.post("account/deletion", sign(alice, alice.device, nonce))) == INVALID


def test_its_devices_are_out_and_the_name_is_free(client, alice):
    as_alice, phone = Api(client, alice.device), factories.add_device(alice)
    as_phone = Api(client, phone)
    assert delete(as_alice, alice).json() == {}
    for api in (as_alice, as_phone):
        assert error(api.get("devices")) == (401, "unauthenticated")
    assert not Device.objects.exists()
    again = factories.make_account(alice.username)
    assert again.account_id != alice.account_id
    assert Account.objects.get(username=usernames.canonical(alice.username)).name_version == 2
