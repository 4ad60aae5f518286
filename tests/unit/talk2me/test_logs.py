"""What a log line says, in either form: what happened, and nothing of who was here."""

import base64
import json
import logging
import logging.config
import sys

import pytest
from django.conf import settings as django_settings
from hypothesis import given
from hypothesis import strategies as st

from talk2me.logs import FIELDS, JsonFormatter, PrivateFormatter

LINE, JSON = PrivateFormatter(), JsonFormatter()


def fail_with(error):
    raise error


def record(event="slow batch", *args, error=None, level=logging.WARNING, name="messaging.writer", **extra):
    exc_info = None
    if error is not None:
        try:
            fail_with(error)
        except Exception:  # noqa: BLE001 - whatever a test gave
            exc_info = sys.exc_info()
    made = logging.LogRecord(name, level, "p", 1, event, args, exc_info)
    vars(made).update(extra)
    return made


def test_a_line_says_when_how_bad_where_and_what():
    line = LINE.format(record(envelopes=12, seconds=3.5))
    when, level, logger, worker, words = line.split(" ", 4)
    assert (level, logger, words) == ("WARNING", "messaging.writer", "slow batch envelopes=12 seconds=3.5")
    assert when.endswith("Z")
    assert worker.isdigit()


def test_json_says_the_same_in_fields():
    event = json.loads(JSON.format(record(envelopes=12, seconds=3.5)))
    assert set(event) == {"time", "level", "logger", "worker", "event", "envelopes", "seconds"}
    assert (event["event"], event["envelopes"], event["seconds"]) == ("slow batch", 12, 3.5)


def test_what_is_no_known_field_is_left_out():
    for formatter in (LINE, JSON):
        assert "cormorant" not in formatter.format(record(person="cormorant", client="cormorant"))


def test_what_somebody_sent_cannot_begin_a_line_of_its_own():
    assert len(LINE.format(record("refused %s", "x\n2026-01-31 ERROR forged\r\nagain")).splitlines()) == 1
    assert len(JSON.format(record("refused %s", "x\n\u2028forged")).splitlines()) == 1


def test_a_traceback_says_where_in_our_code_and_what_led_to_it():
    try:
        try:
            fail_with(OSError("198.51.100.7"))
        except OSError as error:
            raise ValueError("second") from error
    except ValueError as error:
        text = LINE.format(record(error=error))
    assert "test_a_traceback_says_where_in_our_code_and_what_led_to_it" in text
    assert text.index("OSError: -") < text.index("which led to") < text.index("ValueError: second")


def test_each_of_a_group_of_errors_is_told():
    text = LINE.format(record(error=ExceptionGroup("two", [ValueError("one"), OSError("198.51.100.7")])))
    assert "ValueError: one" in text
    assert "OSError: -" in text


ADDRESSES = st.ip_addresses().map(str)
TOKENS = st.binary(min_size=16, max_size=32).map(lambda data: base64.urlsafe_b64encode(data).rstrip(b"=").decode())


@given(ADDRESSES | TOKENS, st.sampled_from(FIELDS))
def test_no_address_id_or_token_comes_through_anywhere(planted, field):
    noted = ValueError("x")
    noted.add_note(f"of {planted}")
    led = OSError(f"peer {planted} left")
    led.__context__ = KeyError(planted)
    records = [
        record(f"from {planted}: refused"),
        record("from %s", planted),
        record("from %r and %s", (planted, 1), {"id": planted}),
        record(**{field: planted}),
        record(error=ValueError(planted)),
        record(error=noted),
        record(error=led),
        record(error=ExceptionGroup(f"for {planted}", [ValueError(planted)])),
    ]
    for one in records:
        # Another handler has been here and has left its own text, as pytest's does.
        logging.Formatter().format(one)
        for formatter in (LINE, JSON):
            assert planted not in formatter.format(one)


@pytest.mark.parametrize("form", ["line", "json"])
@pytest.mark.parametrize(
    ("name", "event", "args"),
    [
        ("uvicorn.error", '%s - "WebSocket %s" [accepted]', ("198.51.100.7:51234", "/ws")),
        ("uvicorn.access", '%s - "%s %s HTTP/%s" %d', ("198.51.100.7:51234", "GET", "/", "1.1", 200)),
        ("websockets.server", "connection open %s", ("198.51.100.7",)),
        ("daphne.http_protocol", "HTTP %s response started for %s", (200, ["198.51.100.7", 51234])),
        ("django.channels.server", "HTTP %s %s [%s]", ("GET", "/", "198.51.100.7:51234")),
        ("asyncio", "socket.send() raised for %s", (("2001:db8::7", 51234),)),
    ],
)
def test_the_servers_own_loggers_tell_no_address_either(form, name, event, args):
    # As settings.LOGGING sets them up, without the rest of the process hearing of it.
    formatters = django_settings.LOGGING["formatters"]
    formatter = logging.config.DictConfigurator({"version": 1}).configure_formatter(dict(formatters[form]))
    assert "198.51" not in formatter.format(record(event, *args, name=name))
    assert "db8" not in formatter.format(record(event, *args, name=name))


def test_the_servers_lines_for_each_request_are_off():
    levels = {name: logger["level"] for name, logger in django_settings.LOGGING["loggers"].items()}
    assert {"uvicorn", "websockets", "daphne", "django.channels.server", "django.request"} <= set(levels)
    assert all(logging.getLevelName(level) >= logging.WARNING for level in levels.values())
