"""Workers of the release before go on while the database is brought up to date (docs/operations.md)."""

import pytest
from django.db import migrations, models
from django.db.migrations.state import ModelState, ProjectState

from tests.architecture.migration_rules import breaks, findings
from tests.release_before import LAST_MIGRATIONS

# What would break workers of before, and why it is done all the same.
SIGNED_UP_SINCE = "Until they have ended, they refuse to delete an account or code that new workers signed up with."
LISTED = {
    "keys.0009_letting_in AddField registrationcode.account holds keys.account": SIGNED_UP_SINCE,
    "keys.0009_letting_in CreateModel registration.account holds keys.account": SIGNED_UP_SINCE,
    "keys.0009_letting_in CreateModel registration.code holds keys.registrationcode": SIGNED_UP_SINCE,
    "operators.0001_initial CreateModel secondfactor.user holds auth.user": "Operators are deleted by new workers.",
    "operators.0001_initial RunPython": "What operators do at an old worker meanwhile is not in their new list.",
}


def test_no_migration_breaks_workers_of_the_release_before() -> None:
    assert set(findings(LAST_MIGRATIONS)) - LISTED.keys() == set(), "take another way, or list it with the reason"


def test_what_is_listed_is_so_and_has_a_reason() -> None:
    assert LISTED.keys() - set(findings(LAST_MIGRATIONS)) == set()
    assert all(reason.endswith(".") for reason in LISTED.values())


def test_the_column_that_0_5_added_without_a_default_would_be_found() -> None:
    found = findings(LAST_MIGRATIONS | {"messaging": "0005_report"})
    assert "messaging.0006_coming_back AddField subscription.returns without a default of the database" in found


def state() -> ProjectState:
    before = ProjectState()
    number = ("id", models.BigAutoField(primary_key=True))
    before.add_model(ModelState("keys", "thing", [number, ("text", models.CharField(max_length=9, null=True))]))
    return before


FINE = [
    migrations.AddField("thing", "more", models.IntegerField(null=True)),
    migrations.AddField("thing", "more", models.IntegerField(default=1, db_default=1)),
    migrations.AlterField("thing", "text", models.CharField(max_length=9, null=True, db_default="")),
    migrations.CreateModel("New", [("id", models.BigAutoField(primary_key=True)), ("name", models.TextField())]),
    migrations.AlterModelOptions("thing", {"ordering": ["id"]}),
]
BREAKS = [
    (migrations.AddField("thing", "more", models.IntegerField(default=1)), "AddField thing.more without"),
    (migrations.RemoveField("thing", "text"), "RemoveField thing"),
    (migrations.RenameField("thing", "text", "words"), "RenameField thing"),
    (migrations.DeleteModel("Thing"), "DeleteModel thing"),
    (migrations.AlterModelTable("thing", "other"), "AlterModelTable thing"),
    (migrations.AlterField("thing", "text", models.CharField(max_length=9, default="")), "AlterField thing.text"),
    (migrations.AlterField("thing", "text", models.CharField(max_length=8, null=True)), "AlterField thing.text"),
    (migrations.AlterField("thing", "text", models.BinaryField(null=True)), "AlterField thing.text"),
    (migrations.AlterField("thing", "text", models.CharField(max_length=9, null=True, unique=True)), "AlterField"),
    (migrations.AddIndex("thing", models.Index(fields=["text"], name="thing_text")), "AddIndex thing"),
    (
        migrations.AddConstraint("thing", models.UniqueConstraint(fields=["text"], name="one_text")),
        "AddConstraint thing",
    ),
    (migrations.RunSQL("SELECT 1"), "RunSQL"),
    (migrations.RunPython(migrations.RunPython.noop), "RunPython"),
    (
        migrations.CreateModel("New", [("thing", models.ForeignKey("keys.thing", models.CASCADE))]),
        "CreateModel new.thing holds keys.thing",
    ),
]


def found_in(*operations: migrations.operations.base.Operation) -> list[str]:
    migration = migrations.Migration("9999_any", "keys")
    migration.operations = list(operations)
    return list(breaks(migration, state()))


@pytest.mark.parametrize("operation", FINE, ids=lambda one: type(one).__name__)
def test_what_workers_of_before_do_not_notice_is_fine(operation) -> None:
    assert found_in(operation) == []


@pytest.mark.parametrize(("operation", "words"), BREAKS, ids=lambda one: type(one).__name__)
def test_what_they_stumble_over_is_found(operation, words: str) -> None:
    (found,) = found_in(migrations.SeparateDatabaseAndState([operation], []))
    assert found.startswith(words)


def test_a_table_of_the_same_migration_is_nobodys_yet() -> None:
    made = migrations.CreateModel("New", [("id", models.BigAutoField(primary_key=True))])
    other = migrations.CreateModel("Other", [("new", models.ForeignKey("keys.new", models.CASCADE))])
    assert found_in(made, other, migrations.AddField("new", "more", models.IntegerField(default=1))) == []
