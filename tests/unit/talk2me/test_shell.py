"""The shell: the same page for everyone, in whatever encoding the browser takes."""

import gzip

import brotli
import pytest
from django.conf import settings
from django.test import Client

from talk2me import built_page, shell


@pytest.mark.parametrize(
    ("accepted", "encoding", "read"),
    [
        ("gzip, deflate, br, zstd", "br", brotli.decompress),
        ("gzip, deflate", "gzip", gzip.decompress),
        ("br;q=0, gzip;q=0.5", "gzip", gzip.decompress),
        ("identity", None, bytes),
        ("", None, bytes),
    ],
)
def test_every_encoding_holds_the_same_page(accepted: str, encoding: str | None, read: callable) -> None:
    answer = Client().get("/", headers={"Accept-Encoding": accepted, "Host": "127.0.0.1:8000"})
    assert answer.status_code == 200
    assert answer.headers.get("Content-Encoding") == encoding
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert read(answer.content) == shell.page()


def test_the_page_names_every_module_with_its_hash() -> None:
    page = shell.page().decode()
    for module in shell.modules():
        assert f'{module.relative_to(shell.STATIC).as_posix()}":"sha384-' in page
    assert shell.import_map() in page


def test_what_the_page_was_built_of_is_told_alike_by_who_builds_it_and_by_who_serves_it() -> None:
    # Else every start would build it anew, and every server warn of it.
    assert built_page.is_current()
    assert set(built_page.loaded_first()) < set(built_page.kept())


def test_a_page_under_another_name_is_sent_to_the_origin() -> None:
    answer = Client().get("/", headers={"Host": "localhost:8000"})
    assert answer.status_code == 301
    assert answer.headers["Location"] == settings.ORIGIN + "/"


def test_policies_stand_where_a_document_can_be_and_the_rest_everywhere() -> None:
    for path in ("/", "/api/server", "/nothing", f"{settings.STATIC_URL}images/icon.svg"):
        headers = Client().get(path, headers={"Host": "127.0.0.1:8000"}).headers
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
    script = Client().get(f"{settings.STATIC_URL}js/app.js", headers={"Host": "127.0.0.1:8000"}).headers
    assert script["X-Content-Type-Options"] == "nosniff"
    assert script["Cross-Origin-Resource-Policy"] == "same-origin"
