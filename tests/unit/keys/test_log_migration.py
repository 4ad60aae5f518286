"""Accounts from before there was a key log are entered in it by the migrations."""

import hashlib
import importlib
import os
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from keys.key_log import leaf as leaves
from keys.log_storage.check import check_log, one_moment
from keys.models import Account, AccountEvent, LogLeaf, LogState

pytestmark = pytest.mark.django_db(transaction=True)
BEFORE = "0002_claim_grant"


def migrate(*to):
    """Go to a migration, the newest if none is named, and give the models as they are there."""
    nodes = [("keys", name) for name in to] or MigrationExecutor(connection).loader.graph.leaf_nodes("keys")
    MigrationExecutor(connection).migrate(nodes)
    return MigrationExecutor(connection).loader.project_state(nodes).apps


@pytest.fixture
def old_models():
    """The models as they were; whatever happens, the tables are the present ones again afterwards."""
    yield migrate(BEFORE)
    migrate()


def add_account(models, number, events):
    account = models.get_model("keys", "Account").objects.create(
        uid=hashlib.sha256(b"%d" % number).digest()[:16], username=f"old{number}", skeleton=f"old{number}",
        identity_key=bytes(32), recovery_keys=bytes(32), seq=events, head=bytes(32), created=datetime.now(UTC).date(),
    )  # fmt: skip
    return [add_event(models, account, seq) for seq in range(1, events + 1)]


def add_event(models, account, seq):
    return models.get_model("keys", "AccountEvent").objects.create(
        account=account, seq=seq, type="create" if seq == 1 else "device_add", event=os.urandom(200), signatures={},
        hash=bytes(32), received=datetime.now(UTC),
    )  # fmt: skip


def test_old_accounts_are_entered_in_the_order_in_which_they_came(old_models, monkeypatch):
    # In several pieces, each of a part of somebody's events.
    events = [event for number in range(40) for event in add_account(old_models, number, 1 + number % 3)]
    monkeypatch.setattr(importlib.import_module("keys.migrations.0004_enter_old_accounts"), "EVENTS_AT_ONCE", 7)
    migrate()
    stored = list(AccountEvent.objects.order_by("position"))
    assert [event.pk for event in stored] == [event.pk for event in events]
    assert LogState.objects.get().size == 1 + len(events) + 40
    kinds = [leaves.decode(leaf.body).type for leaf in LogLeaf.objects.order_by("position")[:6]]
    assert kinds == [leaves.GENESIS, *[leaves.ACCOUNT, leaves.USERNAME] * 2, leaves.ACCOUNT]
    assert all(account.name_version == 1 and account.name_position for account in Account.objects.all())
    with one_moment():
        assert check_log().size == LogState.objects.get().size


def test_a_server_without_accounts_begins_its_log_later(old_models):
    migrate()
    assert not LogState.objects.exists()
    assert not LogLeaf.objects.exists()
