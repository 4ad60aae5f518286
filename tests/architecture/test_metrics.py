"""Metrics are what docs/operations.md says, and no label can hold anything of a person."""

import re
from pathlib import Path
from typing import get_args

from talk2me import metric_labels, metrics
from talk2me.errors import all_codes

ROOT = Path(__file__).resolve().parents[2]
FAMILIES = [family for family in metrics.registry.collect() if not family.name.startswith("process_")]
CLOSED = {
    "code": set(all_codes()),
    "status": set(get_args(metric_labels.StatusClass)),
    "why": set(get_args(metric_labels.DroppedWhy)),
    "part": set(get_args(metric_labels.Part)),
    "job": set(get_args(metric_labels.Job)),
    "push": set(get_args(metric_labels.PushOutcome)),
    "outcome": set(get_args(metric_labels.Outcome)),
}


def labels_of(family):
    return {name: value for sample in family.samples for name, value in sample.labels.items() if name != "le"}


def test_the_table_of_the_operators_names_every_metric_and_its_labels():
    text = (ROOT / "docs/operations.md").read_text()
    rows = re.findall(r"^\| `(talk2me_\w+)` \|(.*?)\| .+ \|$", text, re.MULTILINE)
    table = {name: set(re.findall(r"`(\w+)`", labels)) for name, labels in rows}
    real = {family.name + ("_total" if family.type == "counter" else ""): set(labels_of(family)) for family in FAMILIES}
    assert table == real


def test_every_label_comes_from_a_closed_set_and_exists_from_the_start():
    for family in FAMILIES:
        for name in labels_of(family):
            found = {sample.labels[name] for sample in family.samples if name in sample.labels}
            assert found == CLOSED[name], family.name


def test_names_in_what_operators_copy_exist():
    text = (ROOT / "docs/operations.md").read_text()
    real = {sample.name for family in metrics.registry.collect() for sample in family.samples}
    real |= {family.name for family in FAMILIES}
    assert set(re.findall(r"\btalk2me_\w+", text)) - real == set()
