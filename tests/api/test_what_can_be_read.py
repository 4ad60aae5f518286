"""What whoever runs the server can read is in docs/what_the_server_knows.md, column by column."""
# ruff: noqa: SLF001 - `_meta` is Django's documented name.

import re

from django.apps import apps
from django.db.models import AutoField

from talk2me.logs import FIELDS

WORD = re.compile(r"`(\w+)`")
OF_EVERY_LINE = {"time", "level", "logger", "worker", "event", "exception"}


def rows_of(settings):
    """The first cell of each row of section 4, and the rest of it."""
    text = (settings.BASE_DIR / "docs/what_the_server_knows.md").read_text()
    lines = [line for line in text.partition("\n## 4. ")[2].splitlines() if line.startswith("| ")]
    return [(first, rest) for first, _, rest in (line.strip("| ").partition("|") for line in lines)]


def columns_of(model):
    """What a row holds, but for numbers that only count rows."""
    fields = [*model._meta.local_fields, *model._meta.local_many_to_many]
    return {field.name for field in fields if not isinstance(field, AutoField) and field.name != "pk"}


def test_every_column_of_every_table_is_in_the_document(settings):
    found = {table: set(WORD.findall(rest)) for first, rest in rows_of(settings) for table in WORD.findall(first)}
    lacking = {
        f"{model.__name__}.{column}"
        for model in apps.get_models()
        for column in columns_of(model) - found.get(model.__name__, set())
    }
    assert lacking == set()


def test_no_column_is_in_the_document_that_is_in_no_table(settings):
    models = {model.__name__: model for model in apps.get_models()}
    told = [(set(WORD.findall(first)), set(WORD.findall(rest))) for first, rest in rows_of(settings)]
    for tables, columns in told:
        if known := tables & models.keys():
            there = {column for table in known for column in columns_of(models[table])}
            assert {column for column in columns - there if column.islower()} == set(), known


def test_what_a_line_of_the_log_has_is_in_the_document(settings):
    (said,) = [set(WORD.findall(rest)) for first, rest in rows_of(settings) if first.strip() == "log"]
    assert said == {*FIELDS, *OF_EVERY_LINE}
