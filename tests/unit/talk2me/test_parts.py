"""A part that is lost is told once, and once when it is back, however often it is used meanwhile."""

import logging

import pytest

from talk2me import metrics, parts
from talk2me.logs import PrivateFormatter


@pytest.fixture
def told(caplog):
    caplog.set_level(logging.INFO, "talk2me.parts")
    yield lambda: [(one.getMessage(), one.part) for one in caplog.records]
    parts.back("database")
    parts.back("channel_layer")


def reachable(part):
    return metrics.registry.get_sample_value("talk2me_reachable", {"part": part})


def test_an_outage_is_two_lines(told):
    parts.back("database")
    assert told() == []
    for _ in range(3):
        parts.lost("database", OSError())
    assert (reachable("database"), reachable("channel_layer")) == (0, 1)
    for _ in range(3):
        parts.back("database")
    assert told() == [("lost", "database"), ("back", "database")]
    assert reachable("database") == 1


def test_the_first_error_is_told_in_one_line_without_addresses(told, caplog):
    parts.lost("database", OSError("no route to 198.51.100.7\nand more"))
    line = PrivateFormatter().format(caplog.records[0])
    assert line.endswith("lost part=database error=OSError no route to -")


def test_parts_are_lost_one_by_one(told):
    parts.lost("database", OSError())
    parts.lost("channel_layer", OSError())
    parts.back("channel_layer")
    assert told() == [("lost", "database"), ("lost", "channel_layer"), ("back", "channel_layer")]
