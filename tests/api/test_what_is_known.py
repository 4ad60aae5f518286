"""GET account: whatever the server has of an account, its owner is shown; no table is forgotten."""
# ruff: noqa: SLF001 - `_meta` is Django's documented name.

from datetime import timedelta

import pytest
from django.apps import apps

from keys import clock
from keys.models import Invitation, LinkPart
from messaging.clock import this_minute
from messaging.services.go_on_elsewhere import go_on_elsewhere
from talk2me import limits
from tests import factories
from tests.api.filled_account import fill
from tests.api.keys_client import Api, b64, error

pytestmark = pytest.mark.django_db

# Where in the answer each table is. Whoever adds a table decides here, and in docs/what_the_server_knows.md.
SHOWN = {
    "keys.AccessToken": "sign_ins",
    "keys.Account": "account",
    "keys.AccountEvent": "chain",
    "keys.Device": "devices",
    "keys.Invitation": "invitations",
    "keys.InvitationUse": "invitations",
    "keys.KeyPackage": "devices",
    "keys.LinkBox": "link_boxes",
    "keys.LinkPart": "link_boxes",
    "keys.LogLeaf": "chain",
    "keys.Passkey": "passkeys",
    "keys.RecoveryToken": "recoveries",
    "keys.Registration": "registration",
    "keys.RegistrationCode": "invited",
    "keys.ResetPermit": "reset_permit",
    "keys.Vault": "vault",
    "messaging.AccountQuota": "quotas",
    "messaging.Attachment": "attachments",
    "messaging.Envelope": "mailboxes",
    "messaging.GroupInfo": "mailboxes",
    "messaging.Mailbox": "mailboxes",
    "messaging.Membership": "mailboxes",
    "messaging.PushSubscription": "pushes",
    "messaging.Report": "reports",
    "messaging.Subscription": "mailboxes",
    "operators.AuditEntry": "operators",
}
# What nobody is shown, and why.
LEFT_OUT = {
    "admin.LogEntry": "nothing writes it: operators.AuditEntry is in its place",
    "keys.ClaimGrant": "a hash of two accounts: nothing in the row says of whom",
    "keys.CosignedCheckpoint": "of the key log as a whole",
    "keys.GateMark": "a keyed hash of somebody elsewhere: nothing in the row says which accounts are theirs",
    "keys.LogMapEntry": "hashes, of the key log as a whole",
    "keys.LogMapNode": "hashes, of the key log as a whole",
    "keys.LogNode": "hashes, of the key log as a whole",
    "keys.LogState": "of the key log as a whole",
    "keys.SpentKeyPackage": "hashes: nothing in the row says of whom",
    "keys.WitnessedLog": "of other servers",
    "messaging.AttachmentRemains": "what is being deleted, with nobody's name",
    "messaging.Passed": "a mark for clearing away: which mailbox is looked at next",
    "operators.DailyCount": "totals of the whole server by day",
    "operators.RecoveryCode": "of operators",
    "operators.SecondFactor": "of operators",
    "auth.Group": "of operators",
    "auth.Permission": "of operators",
    "auth.User": "of operators",
    "contenttypes.ContentType": "names of tables",
    "sessions.Session": "of operators: chat accounts have none",
}


@pytest.fixture(autouse=True)
def _limits():
    limits.forget_all()
    yield
    limits.forget_all()


def test_every_table_is_shown_or_left_out_for_a_reason():
    tables = {model._meta.label for model in apps.get_models()}
    assert tables == SHOWN.keys() | LEFT_OUT.keys()
    assert not SHOWN.keys() & LEFT_OUT.keys()
    assert all(LEFT_OUT.values())


def test_every_table_is_in_the_document(settings):
    text = (settings.BASE_DIR / "docs/what_the_server_knows.md").read_text()
    named = {label.split(".")[1] for label in SHOWN.keys() | LEFT_OUT.keys()}
    assert {name for name in named if f"`{name}`" not in text} == set()


def test_nothing_that_is_shown_is_empty_for_who_has_something_everywhere(as_alice, alice, bob):
    fill(alice, bob)
    known = as_alice.get("account").json()
    assert {name for name in SHOWN.values() if not known[name]} == set()
    assert set(known) == {*SHOWN.values(), "quotas"}


def test_sizes_ends_and_days_are_those_of_the_rows(as_alice, alice, bob):
    made = fill(alice, bob)
    known, today = as_alice.get("account").json(), clock.today().isoformat()
    assert known["account"]["username"] == alice.username
    assert known["account"]["recovery_keys"] == 1
    assert known["chain"]["events"] == 1
    assert known["chain"]["leaves"] == 2
    (device,) = known["devices"]
    assert (device["device"], device["last_seen"]) == (b64(alice.device.device_id), today)
    assert device["key_packages"]["single_use"] == 1
    assert device["key_packages"]["bytes"] == 210
    assert known["vault"] == {"version": 1, "bytes": 100, "updated": known["vault"]["updated"]}
    assert [one["used"] for one in known["invitations"]] == [1]
    assert known["registration"] == {"day": today, "by": None, "label": "the choir"}
    assert [(one["state"], one["accounts"]) for one in known["invited"]] == [("open", [])]
    assert [one["bytes"] for one in known["link_boxes"]] == [60]
    assert known["reset_permit"] == {"created": today, "from_day": (clock.today() + timedelta(days=7)).isoformat()}
    assert [one["what"] for one in known["operators"]] == ["suspended"]
    assert known["pushes"] == [{"device": b64(alice.device.device_id), "host": "push.example.org"}]
    assert [(one["note"], one["bytes"]) for one in known["reports"]] == [("he is rude", len(b"shown by alice"))]
    boxes = {one["mailbox"]: one for one in known["mailboxes"]["rows"]}
    assert (known["mailboxes"]["count"], known["mailboxes"]["bytes"]) == (3, 1150)
    archive = boxes[b64(made["archive"].id)]
    assert (archive["kind"], archive["envelopes"], archive["bytes"], archive["expires"]) == ("archive", 2, 150, None)
    assert archive["oldest"] == (this_minute() - 60) * 1000
    shared = boxes[b64(made["conversation"].id)]
    assert (shared["envelopes"], shared["devices"], shared["group_info"]) == (1, 1, True)
    assert shared["expires"] == (this_minute() + 3600) * 1000
    # What its owner can delete there comes first, however small it is.
    kept, sent = known["attachments"]["rows"]
    assert (sent["bytes"], sent["complete"], sent["expires"]) == (3000, False, made["sent"].expires * 1000)
    assert (kept["bytes"], kept["keep"], kept["expires"]) == (70, True, None)
    assert known["quotas"]["archive"]["used"] == 150
    assert known["quotas"]["share"]["used"] == 150 + 500


def test_a_server_that_was_put_back_counts_what_it_has(as_alice, alice, bob):
    made = fill(alice, bob)
    go_on_elsewhere()
    boxes = as_alice.get("account").json()["mailboxes"]
    assert {one["mailbox"]: one["envelopes"] for one in boxes["rows"]}[b64(made["archive"].id)] == 3
    assert boxes["envelopes"] < 10


def test_nothing_of_anybody_elses_is_told(as_bob, alice, bob):
    fill(alice, bob)
    known = as_bob.get("account").json()
    assert (known["vault"], known["reset_permit"], known["registration"]) == (None, None, None)
    for name in ("invited", "passkeys", "invitations", "link_boxes", "operators", "pushes", "recoveries"):
        assert known[name] == []
    # Not even that there is a report about him.
    assert known["reports"] == []
    assert known["attachments"] == {"count": 0, "bytes": 0, "rows": []}
    assert {one["kind"] for one in known["mailboxes"]["rows"]} == {"device", "conversation"}
    assert alice.username not in as_bob.get("account").content.decode()


def test_no_body_no_hash_and_no_address_leaves_the_server(as_alice, alice, bob):
    fill(alice, bob)
    answer = as_alice.get("account").content
    secret = [
        *Invitation.objects.values_list("token_hash", flat=True),
        *LinkPart.objects.values_list("body", flat=True),
    ]
    secret += [b"vault" * 20, b"package" * 30, b"credential of alice"]
    assert [one for one in secret if b64(one).encode() in answer] == []
    assert b"send/alice" not in answer


def test_it_takes_a_device_and_not_too_often(as_nobody, as_alice, settings):
    assert error(as_nobody.get("account")) == (401, "unauthenticated")
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"known": "1/hour"}
    assert as_alice.get("account").status_code == 200
    assert error(as_alice.get("account")) == (429, "rate_limited")


def test_a_device_that_was_removed_is_still_told_of(client, alice):
    phone = factories.add_device(alice)
    factories.remove_device(alice, phone)
    told = Api(client, alice.device).get("account").json()["devices"]
    assert [one["removed"] for one in told] == [False, True]
