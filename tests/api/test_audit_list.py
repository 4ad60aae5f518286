"""The audit list only grows, whoever asks; and the command by which operators are made writes into it."""

import io
from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.db.migrations.loader import MigrationLoader

from keys.models import Account
from operators import append_only
from operators.models import AuditEntry, SecondFactor
from operators.models.audit_entry import AppendOnly
from operators.services.record_action import record_action
from operators.services.second_factor import begin_factor
from tests import factories
from tests.api.operators_help import PASSWORD, make_operator

pytestmark = pytest.mark.django_db


@pytest.fixture
def protected():
    """As on a server: other tests run without the triggers."""
    append_only.protect(connection)
    record_action("somebody", "did something")
    yield
    append_only.unprotect(connection)


def test_the_model_refuses(protected):
    entry = AuditEntry.objects.get()
    for attempt in (entry.save, entry.delete, AuditEntry.objects.all().delete):
        with pytest.raises(AppendOnly):
            attempt()
    with pytest.raises(AppendOnly):
        AuditEntry.objects.update(action="nothing")


@pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET action = 'nothing'"])
def test_the_database_refuses(protected, statement):
    with pytest.raises(DatabaseError, match="only grows"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(append_only.TABLE))
    assert AuditEntry.objects.get().action == "did something"
    record_action("somebody", "did something else")
    assert AuditEntry.objects.count() == 2


def test_the_migration_puts_the_triggers_in_place():
    migration = MigrationLoader(connection).get_migration("operators", "0001_initial")
    codes = [operation.code.__name__ for operation in migration.operations if hasattr(operation, "code")]
    assert codes == ["move_log", "protect"]


def test_djangos_own_list_goes_on_in_ours_without_names():
    account = factories.make_account("beatrix")
    row, user = Account.objects.get(uid=account.account_id), make_operator("owner")
    LogEntry.objects.log_actions(user.pk, [row], CHANGE, change_message="suspended")
    LogEntry.objects.log_actions(user.pk, [user], ADDITION, change_message=[{"added": {}}])
    moments = list(LogEntry.objects.order_by("pk").values_list("action_time", flat=True))
    import_module("operators.migrations.0001_initial").move_log(apps, None)
    entries = AuditEntry.objects.order_by("pk")
    assert [(one.operator, one.action, one.kind, one.row) for one in entries] == [
        ("owner", "suspended", "keys.account", str(row.pk)),
        ("owner", "added", "auth.user", str(user.pk)),
    ]
    assert [one.moment for one in entries] == moments
    assert not LogEntry.objects.exists()
    assert "beatrix" not in str(list(entries.values()))


def operator(*words):
    said = io.StringIO()
    call_command("operator", *words, stdout=said)
    return said.getvalue()


@pytest.fixture
def typed(monkeypatch):
    """What comes from stdin."""

    def give(text):
        monkeypatch.setattr("sys.stdin", io.StringIO(text))

    give(PASSWORD + "\n")
    return give


def test_the_command_makes_operators_and_changes_them(typed):
    assert operator("anna", "--role", "owner") == "anna: owner\n"
    user = User.objects.get()
    assert user.check_password(PASSWORD)
    begin_factor(user)
    assert operator("anna", "--role", "viewer", "--off", "--remove-second-factor") == "anna: viewer, can't sign in\n"
    assert not SecondFactor.objects.exists()
    assert operator("anna", "--on") == operator() == "anna: viewer\n"
    typed("another long passphrase\n")
    operator("anna", "--password")
    assert User.objects.get().check_password("another long passphrase")
    said = AuditEntry.objects.order_by("pk").values_list("operator", "action")
    assert list(said) == [
        ("(manage.py)", what)
        for what in (
            "password set", "given the role owner", "given the role viewer", "switched off", "second factor removed",
            "switched on", "password set",
        )
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "password"),
    [(("bert",), PASSWORD), (("bert", "--role", "viewer"), "short"), (("b ert", "--role", "viewer"), PASSWORD)],
)
def test_the_command_refuses_and_then_nothing_was_made(typed, words, password):
    typed(password + "\n")
    with pytest.raises(CommandError):
        operator(*words)
    assert not User.objects.exists()
    assert not AuditEntry.objects.exists()


def test_a_role_is_one_of_three(typed):
    with pytest.raises(CommandError):
        operator("anna", "--role", "king")
    assert not User.objects.exists()
