"""The files of a release, as they are answered before Django."""

import gzip
import shutil
from pathlib import Path
from typing import Any

import pytest
from channels.testing import HttpCommunicator
from django.conf import LazySettings

from talk2me import security_headers
from talk2me.static_files import StaticFiles

SCRIPT = b"export const one = 1;\n" * 40


async def django(_scope: dict[str, Any], _receive: Any, send: Any) -> None:
    """Stand in for all that is no file."""
    await send({"type": "http.response.start", "status": 404, "headers": []})
    await send({"type": "http.response.body", "body": b"django"})


@pytest.fixture
def files(tmp_path: Path, settings: LazySettings) -> StaticFiles:
    settings.STATIC_ROOT = tmp_path / settings.RELEASE
    put_release(settings.STATIC_ROOT)
    return StaticFiles(django)


def put_release(folder: Path) -> None:
    (folder / "js").mkdir(parents=True)
    (folder / "js/app.js").write_bytes(SCRIPT)
    (folder / "js/app.js.gz").write_bytes(gzip.compress(SCRIPT))


async def ask(files: StaticFiles, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    given = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    answer = await HttpCommunicator(files, method, path, headers=given).get_response()
    return answer["status"], {name.decode(): value.decode() for name, value in answer["headers"]}, answer["body"]


async def test_a_file_comes_as_it_is_for_ever_with_the_headers_of_its_kind(
    files: StaticFiles, settings: LazySettings
) -> None:
    status, headers, body = await ask(files, f"{settings.STATIC_URL}js/app.js")
    assert (status, body) == (200, SCRIPT)
    assert headers["content-type"].startswith("text/javascript")
    assert "immutable" in headers["cache-control"]
    assert {name.lower(): value for name, value in security_headers.COMMON.items()}.items() <= headers.items()
    assert "content-security-policy" not in headers


async def test_with_debug_a_file_comes_as_it_is_by_now(files: StaticFiles, settings: LazySettings) -> None:
    settings.DEBUG = True
    debugging = StaticFiles(django)
    (settings.STATIC_ROOT / "js/new.js").write_bytes(SCRIPT)
    assert (await ask(debugging, f"{settings.STATIC_URL}js/new.js"))[::2] == (200, SCRIPT)
    assert (await ask(files, f"{settings.STATIC_URL}js/new.js"))[2] == b"django"


async def test_whoever_takes_it_compressed_gets_it_so(files: StaticFiles, settings: LazySettings) -> None:
    status, headers, body = await ask(files, f"{settings.STATIC_URL}js/app.js", accept_encoding="gzip")
    assert (status, headers["content-encoding"], gzip.decompress(body)) == (200, "gzip", SCRIPT)
    assert headers["vary"] == "Accept-Encoding"


async def test_whoever_has_it_gets_nothing_and_nobody_may_write(files: StaticFiles, settings: LazySettings) -> None:
    path = f"{settings.STATIC_URL}js/app.js"
    _, headers, _ = await ask(files, path)
    assert (await ask(files, path, if_none_match=headers["etag"]))[::2] == (304, b"")
    assert (await ask(files, path, "HEAD"))[::2] == (200, b"")
    assert (await ask(files, path, "POST"))[::2] == (405, b"")


@pytest.mark.parametrize("path", ["js/app.css", "js/../js/app.js", "js/app.js/", "../etc/passwd", ""])
async def test_whatever_else_is_left_to_django(files: StaticFiles, settings: LazySettings, path: str) -> None:
    assert await ask(files, settings.STATIC_URL + path) == (404, {}, b"django")


async def test_a_page_of_a_neighbouring_release_gets_its_files_as_long_as_they_are_there(
    files: StaticFiles, tmp_path: Path
) -> None:
    other = "0123456789abcdef"
    path = f"/static/{other}/js/app.js"
    put_release(tmp_path / other)
    # Not while it is still being put in place, which may be after this worker has started.
    assert (await ask(files, path))[2] == b"django"
    (tmp_path / f"{other}.whole").touch()
    status, headers, body = await ask(files, path)
    assert (status, body) == (200, SCRIPT)
    assert "immutable" in headers["cache-control"]
    shutil.rmtree(tmp_path / other)
    assert (await ask(files, path))[2] == b"django"
