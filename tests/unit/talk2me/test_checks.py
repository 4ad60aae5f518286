"""Settings with which the server refuses to start."""

import pytest

from talk2me.checks import check_settings


def found(settings, **changed) -> set[str]:
    for name, value in changed.items():
        setattr(settings, name, value)
    return {error.id.removeprefix("talk2me.") for error in check_settings()}


def test_the_settings_of_the_tests_are_fine(settings):
    assert found(settings) == set()


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"REGISTRATION": "all"}, "E001"),
        ({"SECRET_KEY": "short"}, "E002"),
        ({"KEYLOG_KEY": "short"}, "E002"),
        ({"KEYLOG_KEY": "tests only, tests only, tests only, 1"}, "E003"),
        ({"KEYLOG_KEY": "tests only, tests only, tests only, 2"}, "E003"),
        ({"ORIGIN": "http://127.0.0.1:8000/chat"}, "E004"),
        ({"ORIGIN": "http://chat.example", "ALLOWED_HOSTS": ["chat.example"]}, "E005"),
        ({"ORIGIN": "https://chat.example"}, "E006"),
        ({"TOKEN_SECONDS": 1}, "E007"),
        ({"ENVELOPE_DAYS": 0}, "E007"),
        ({"JOB_SECONDS": 0}, "E007"),
        ({"MAILBOX_QUOTA_BYTES": 0}, "E007"),
        ({"TRUSTED_PROXIES": -1}, "E007"),
        ({"RATE_LIMITS": {"api": "often"}}, "E008"),
        ({"ORIGIN": "https://Chat.example", "ALLOWED_HOSTS": ["chat.example"]}, "E009"),
        ({"ORIGIN": "https://chat.example:443", "ALLOWED_HOSTS": ["chat.example"]}, "E009"),
        ({"ORIGIN": "https://me@chat.example", "ALLOWED_HOSTS": ["chat.example"]}, "E009"),
        ({"ORIGIN": "https://chat.example", "ALLOWED_HOSTS": ["chat.example"], "DEBUG": True}, "E010"),
        ({"METRICS_TOKEN": "short"}, "E012"),
        ({"LOG_FORMAT": "xml"}, "E013"),
    ],
)
def test_what_would_not_work_is_said_before_it_starts(settings, changed, error):
    assert error in found(settings, **changed)


@pytest.mark.parametrize("origin", ["https://chat.example", "https://chat.example:8443", "http://localhost:9000"])
def test_usual_origins_are_fine(settings, origin):
    assert found(settings, ORIGIN=origin, ALLOWED_HOSTS=["chat.example", "localhost"]) == set()
