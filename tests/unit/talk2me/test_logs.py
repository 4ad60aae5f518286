"""What the log says of who was here: nothing."""

import logging
import sys

import pytest

from talk2me.logs import PrivateFormatter, clean

ACCOUNT = "A-_zAAAAAAAAAAAAAAAAAA"


@pytest.mark.parametrize(
    "address",
    [
        "198.51.100.7",
        "198.51.100.7:51234",
        "2001:db8::7",
        "[2001:db8::7]:443",
        "['2001:db8::7', 51234]",
        "::1",
        "fe80::1",
    ],
)
def test_no_address_is_left(address):
    assert "db8" not in clean(f"refused {address}, closed")
    assert "198" not in clean(f"refused {address}, closed")
    assert "::" not in clean(f"refused {address}, closed")
    assert "refused" in clean(f"refused {address}, closed")


@pytest.mark.parametrize("text", ["12:30:45", "accounts: 3", "ratio 1:2", "keys.models: Vault", "std::x", "v1.2.3"])
def test_what_is_no_address_stays(text):
    assert clean(text) == text


def test_no_id_is_left_in_a_path_or_in_what_a_database_repeats():
    assert clean(f"Insufficient Storage: /api/accounts/{ACCOUNT}/events") == (
        "Insufficient Storage: /api/accounts/-/events"
    )
    assert "alice" not in clean("DETAIL:  Key (username)=(alice) already exists.")


def test_tracebacks_are_cleaned_too():
    try:
        int("peer 198.51.100.7")
    except ValueError:
        record = logging.LogRecord("n", logging.ERROR, "p", 1, "failed for %s", ("2001:db8::7",), sys.exc_info())
    line = PrivateFormatter("{asctime} {message}", style="{").format(record)
    assert "ValueError" in line
    assert "198" not in line
    assert "db8" not in line
