"""Headers that depend on settings; tests/e2e/test_headers.py shows in a browser what the others stop."""

import pytest

from talk2me import security_headers


@pytest.mark.parametrize("headers", [security_headers.for_app, security_headers.for_admin])
@pytest.mark.parametrize(("seconds", "said"), [(0, None), (3600, "max-age=3600")])
def test_browsers_are_told_to_come_by_tls_alone_where_there_is_tls(settings, headers, seconds, said):
    settings.SECURE_HSTS_SECONDS = seconds
    assert headers.__wrapped__().get("Strict-Transport-Security") == said


def test_hsts_seconds_counts_only_when_the_origin_is_https(settings):
    assert settings.ORIGIN.startswith("http://")
    assert settings.SECURE_HSTS_SECONDS == 0
