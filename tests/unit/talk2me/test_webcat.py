"""WEBCAT: what its tool reads, what is served of its files, and what the server refuses to start with."""

import base64
import hashlib
import json
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.test import Client

from talk2me import security_headers, webcat
from talk2me.checks import check_settings

HOST = {"Host": "127.0.0.1:8000"}


@pytest.fixture
def enrolled(tmp_path: Path, settings) -> Path:
    """A folder with files as webcat-cli would make them of what was laid out, in the form its validator takes."""
    webcat.lay_out(tmp_path / "laid")
    site, config = tmp_path / "laid/site", json.loads((tmp_path / "laid/webcat.config.json").read_text())
    files = {
        f"/{file.relative_to(site).as_posix()}": base64.urlsafe_b64encode(hashlib.sha256(file.read_bytes()).digest()).decode().rstrip("=")  # noqa: E501
        for file in site.rglob("*")
        if file.is_file()
    }  # fmt: skip
    folder = tmp_path / "webcat"
    folder.mkdir()
    (folder / "enrollment.json").write_text("{}")
    (folder / "bundle.json").write_text(json.dumps({"enrollment": {}, "manifest": config | {"files": files}}))
    settings.WEBCAT_DIR = str(folder)
    return folder


def found() -> set[str]:
    return {error.id for error in check_settings()}


def test_what_is_laid_out_is_what_its_manifest_needs(enrolled: Path) -> None:
    manifest = json.loads((enrolled / "bundle.json").read_text())["manifest"]
    assert f"/{manifest['default_index']}" in manifest["files"]
    assert manifest["default_fallback"] in manifest["files"]
    assert "," not in manifest["default_csp"]
    assert found() == set()


def test_files_of_two_releases_are_not_mixed(enrolled: Path) -> None:
    with pytest.raises(FileExistsError):
        webcat.lay_out(enrolled.parent / "laid")


def test_its_files_are_served_and_nothing_else_of_the_folder(enrolled: Path) -> None:
    (enrolled / "key1").write_text("secret")
    answer = Client().get("/.well-known/webcat/bundle.json", headers=HOST)
    assert answer.content == (enrolled / "bundle.json").read_bytes()
    assert answer.headers["Content-Type"] == "application/json"
    for name in ("key1", "bundle-prev.json", "..", "%2e%2e%2fkey1"):
        assert Client().get(f"/.well-known/webcat/{name}", headers=HOST).status_code == 404


def test_without_the_setting_there_is_nothing() -> None:
    assert Client().get("/.well-known/webcat/bundle.json", headers=HOST).status_code == 404


def test_modules_carry_the_policy_where_it_is_asked_for(enrolled: Path) -> None:
    answer = Client().get(f"{django_settings.STATIC_URL}js/app.js", headers=HOST)
    assert answer.headers["Content-Security-Policy"] == security_headers.for_app()["Content-Security-Policy"]


def test_a_server_does_not_start_with_the_files_of_another_release(enrolled: Path) -> None:
    bundle = json.loads((enrolled / "bundle.json").read_text())
    bundle["manifest"]["files"]["/index.html"] = "other"
    (enrolled / "bundle.json").write_text(json.dumps(bundle))
    assert found() == {"talk2me.E022"}
    (enrolled / "bundle.json").write_text("no json")
    assert found() == {"talk2me.E022"}
    (enrolled / "bundle.json").unlink()
    assert found() == {"talk2me.E021"}
