"""Settings with which the server refuses to start."""

import pytest

from keys import log_key
from keys.key_log.checkpoint import log_signer
from keys.key_log.cosignature import log_cosigner
from talk2me.checks import check_settings


def witness(number: int) -> str:
    return log_cosigner(f"https://{number}.example", "x").witness.vkey


LOG, WITNESS = log_signer("https://other.example", "x").verifier.vkey, witness(0)


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
        ({"PUSH_KEY": "short"}, "E002"),
        ({"PUSH_KEY": "tests only, tests only, tests only, 1"}, "E003"),
        ({"ORIGIN": "http://127.0.0.1:8000/chat"}, "E004"),
        ({"ORIGIN": "http://chat.example", "ALLOWED_HOSTS": ["chat.example"]}, "E005"),
        ({"ORIGIN": "https://chat.example"}, "E006"),
        ({"TOKEN_SECONDS": 1}, "E007"),
        ({"ENVELOPE_DAYS": 0}, "E007"),
        ({"JOB_SECONDS": 0}, "E007"),
        ({"MAILBOX_QUOTA_BYTES": 0}, "E007"),
        ({"ARCHIVE_QUOTA_BYTES": 0}, "E007"),
        ({"TRUSTED_PROXIES": -1}, "E007"),
        ({"ATTACHMENT_DAYS": 0}, "E007"),
        ({"ATTACHMENT_PART_BYTES": 1000}, "E007"),
        ({"ATTACHMENT_PART_BYTES": 3 * 1024 * 1024}, "E017"),
        ({"ATTACHMENT_STORAGE": "ftp"}, "E018"),
        ({"ATTACHMENT_STORAGE": "s3"}, "E019"),
        ({"RATE_LIMITS": {"api": "often"}}, "E008"),
        ({"ORIGIN": "https://Chat.example", "ALLOWED_HOSTS": ["chat.example"]}, "E009"),
        ({"ORIGIN": "https://chat.example:443", "ALLOWED_HOSTS": ["chat.example"]}, "E009"),
        ({"ORIGIN": "https://me@chat.example", "ALLOWED_HOSTS": ["chat.example"]}, "E009"),
        ({"ORIGIN": "https://chat.example", "ALLOWED_HOSTS": ["chat.example"], "DEBUG": True}, "E010"),
        (
            {
                "ORIGIN": "https://chat.example",
                "ALLOWED_HOSTS": ["chat.example"],
                "PUSH_TEST_ENDPOINTS": ["http://127.0.0.1:1"],
            },
            "E016",
        ),
        ({"METRICS_TOKEN": "short"}, "E012"),
        ({"LOG_FORMAT": "xml"}, "E013"),
        ({"OIDC_ISSUER": "http://id.example", "OIDC_CLIENT_ID": "x", "REGISTRATION": "invite"}, "E030"),
        ({"OIDC_ISSUER": "id.example", "OIDC_CLIENT_ID": "x", "REGISTRATION": "invite"}, "E030"),
        ({"OIDC_ISSUER": "https://id.example/?a", "OIDC_CLIENT_ID": "x", "REGISTRATION": "invite"}, "E030"),
        ({"OIDC_ISSUER": "https://id.example", "REGISTRATION": "invite"}, "E031"),
        ({"OIDC_ISSUER": "https://id.example", "OIDC_CLIENT_ID": "x"}, "E032"),
        ({"OIDC_ACCOUNTS": 0}, "E007"),
        ({"REGISTRATION_WORK": -1}, "E007"),
        ({"REGISTRATION_WORK": 200_001}, "E033"),
        ({"KEYLOG_WITNESSED_LOGS": LOG + "=http"}, "E014"),
        ({"KEYLOG_WITNESSED_LOGS": WITNESS}, "E014"),
        ({"KEYLOG_WITNESSED_LOGS": log_signer("https://" + "a" * 248, "x").verifier.vkey}, "E014"),
        ({"KEYLOG_WITNESSED_LOGS": log_key.vkey()}, "E014"),
        ({"KEYLOG_WITNESSES": WITNESS}, "E015"),
        ({"KEYLOG_WITNESSES": LOG + "=https://one.example"}, "E015"),
        ({"KEYLOG_WITNESSES": WITNESS + "=http://one.example"}, "E015"),
        ({"KEYLOG_WITNESSES": WITNESS + "=ftp://one.example"}, "E015"),
        ({"KEYLOG_WITNESSES": WITNESS + "=https://me@one.example"}, "E015"),
        ({"KEYLOG_WITNESSES": WITNESS + "=https://one.example/?to=x"}, "E015"),
        ({"KEYLOG_WITNESSES": WITNESS + "=https://one.example:no"}, "E015"),
        ({"KEYLOG_WITNESSES": " ".join([WITNESS + "=https://one.example"] * 2)}, "E015"),
        ({"KEYLOG_WITNESSES": " ".join(f"{witness(n)}=https://one.example" for n in range(17))}, "E015"),
        ({"SECURITY_CONTACT": "security@chat.example"}, "E034"),
        ({"SECURITY_CONTACT": "mailto:security@chat.example\nExpires: never"}, "E034"),
        ({"KEYLOG_WITNESSES": log_key.witness_vkey() + "=https://one.example"}, "E015"),
    ],
)
def test_what_would_not_work_is_said_before_it_starts(settings, changed, error):
    assert error in found(settings, **changed)


@pytest.mark.parametrize("origin", ["https://chat.example", "https://chat.example:8443", "http://localhost:9000"])
def test_usual_origins_are_fine(settings, origin):
    assert found(settings, ORIGIN=origin, ALLOWED_HOSTS=["chat.example", "localhost"]) == set()


def test_witnesses_and_the_logs_of_others_are_fine(settings):
    logs = f"{LOG}, {log_signer('https://third.example', 'x').verifier.vkey}"
    asked = f"{WITNESS}=https://one.example/api/key_log/witness {witness(1)}=http://127.0.0.1:8001/a=b/"
    assert found(settings, KEYLOG_WITNESSED_LOGS=logs, KEYLOG_WITNESSES=asked) == set()
