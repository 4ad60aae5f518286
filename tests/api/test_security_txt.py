"""/.well-known/security.txt: who is named is told, until when, and nobody is where nobody was named."""

import re
from datetime import UTC, datetime, timedelta

from talk2me.checks import check_settings

PATH = "/.well-known/security.txt"


def test_whom_the_operator_names_is_told(client, settings) -> None:
    settings.SECURITY_CONTACT = "mailto:security@chat.example"
    assert check_settings() == []
    answer = client.get(PATH)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/plain; charset=utf-8")
    contact, expires, canonical = answer.content.decode().splitlines()
    assert contact == "Contact: mailto:security@chat.example"
    assert canonical == f"Canonical: {settings.ORIGIN}{PATH}"
    day = datetime.fromisoformat(re.fullmatch(r"Expires: (\S+)", expires)[1])
    # RFC 9116: less than a year.
    assert timedelta(days=28) < day - datetime.now(UTC) < timedelta(days=31)


def test_without_one_there_is_none(client, settings) -> None:
    settings.SECURITY_CONTACT = ""
    assert (client.get(PATH).status_code, client.get(PATH).json()) == (404, {"error": "not_found"})
