"""The manifest: whole, written in one way, signed by who has the key."""

import hashlib
import json
import stat
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client

from keys.key_log.errors import KeyLogInvalid
from talk2me import manifest, release_note, shell

HOST = {"Host": "127.0.0.1:8000"}


def run(*words: object) -> str:
    said = StringIO()
    call_command("manifest", *map(str, words), stdout=said)
    return said.getvalue()


@pytest.fixture
def key_file(tmp_path: Path) -> tuple[Path, str]:
    file, said = tmp_path / "release.key", StringIO()
    call_command("make_release_key", str(file), "chat.example/releases", stdout=said)
    return file, said.getvalue().strip()


def test_every_file_that_the_page_or_the_worker_names_is_in_it() -> None:
    paths = manifest.build()["paths"]
    assert {f"{settings.STATIC_URL}{file.relative_to(shell.STATIC).as_posix()}" for file in shell.modules()} < {*paths}
    assert {"/", "/service_worker.js", f"{settings.STATIC_URL}images/icon.svg"} < {*paths}


def test_what_is_in_it_is_what_the_server_answers() -> None:
    said = manifest.build()
    for path in ("/", "/service_worker.js"):
        answer, entry = Client().get(path, headers=HOST), said["paths"][path]
        assert entry["sha256"] == hashlib.sha256(answer.content).hexdigest()
        assert entry["size"] == len(answer.content)
        assert answer.headers["Content-Type"].split(";")[0] == entry["type"]
        for name, value in said["headers"][entry["headers"]].items():
            assert answer.headers[name] == value


@pytest.mark.parametrize(("name", "kind"), [("js/app.js", "code"), ("images/icon.svg", "picture")])
def test_the_headers_of_a_kind_are_those_that_the_server_sends(name: str, kind: str) -> None:
    said = manifest.build()
    path = settings.STATIC_URL + name
    assert said["paths"][path]["headers"] == kind
    sent = Client().get(path, headers=HOST).headers
    assert {header: sent.get(header) for header in said["headers"][kind]} == said["headers"][kind]


def test_a_file_of_a_kind_that_is_not_known_is_not_left_out_in_silence(monkeypatch, tmp_path: Path) -> None:
    (tmp_path / "more.wasm").write_bytes(b"\0asm")
    monkeypatch.setattr(shell, "STATIC", tmp_path)
    with pytest.raises(manifest.UnknownKind):
        manifest.contents()


@pytest.mark.parametrize("name", [".DS_Store", "js/.app.js.swp", "js/app.js~", ".git/x.js"])
def test_what_an_editor_leaves_is_neither_served_nor_listed(monkeypatch, tmp_path: Path, name: str) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("left")
    monkeypatch.setattr(shell, "STATIC", tmp_path)
    assert set(manifest.contents()) == {"/", "/service_worker.js"}


def test_what_belongs_to_the_host_is_not_in_it(settings) -> None:
    before = manifest.write(manifest.build())
    settings.SECURE_HSTS_SECONDS, settings.ORIGIN = 3600, "https://chat.example"
    manifest.security_headers.for_app.cache_clear()
    try:
        assert manifest.OF_THE_HOST in manifest.security_headers.for_app()
        assert manifest.write(manifest.build()) == before
    finally:
        manifest.security_headers.for_app.cache_clear()


def test_it_is_read_only_in_the_form_in_which_it_is_written() -> None:
    data = manifest.write(manifest.build())
    assert manifest.read(data) == manifest.build()
    for other in (data + b"\n", json.dumps(json.loads(data)).encode(), data.replace(b"manifest/1", b"manifest/2"), b"{}", b"x"):  # fmt: skip # noqa: E501
        with pytest.raises(manifest.ManifestInvalid):
            manifest.read(other)


def test_the_server_says_the_hash_of_the_manifest_that_it_serves(tmp_path: Path) -> None:
    run("--out", tmp_path / "manifest.json")
    digest = hashlib.sha256((tmp_path / "manifest.json").read_bytes()).hexdigest()
    assert Client().get("/api/server", headers=HOST).json()["manifest"] == digest


def test_a_checkout_is_compared_with_a_release(tmp_path: Path) -> None:
    file = tmp_path / "manifest.json"
    assert "not signed" in run("--out", file)
    assert "all as in" in run("--check", file)
    other = manifest.read(file.read_bytes())
    module = settings.STATIC_URL + "js/app.js"
    other["paths"][module]["sha256"] = "0" * 64
    other["headers"]["code"] = {}
    del other["paths"]["/service_worker.js"]
    file.write_bytes(manifest.write(other))
    said = StringIO()
    with pytest.raises(CommandError, match="3 differences"):
        call_command("manifest", "--check", str(file), stdout=said)
    assert said.getvalue().splitlines() == [
        "other headers for: code",
        "only here: /service_worker.js",
        f"differs: {module}",
    ]


def test_a_signature_is_the_word_of_one_key_for_one_manifest(tmp_path: Path, key_file: tuple[Path, str]) -> None:
    file, (key, vkey) = tmp_path / "manifest.json", key_file
    assert vkey in run("--out", file, "--sign", key)
    assert "signed by chat.example/releases" in run("--check", file, "--key", vkey)
    other = release_note.make_key("chat.example/releases").verifier.vkey
    with pytest.raises(CommandError, match="not signed with this key"):
        run("--check", file, "--key", other)
    file.write_bytes(manifest.write(manifest.build() | {"version": "9.9.9"}))
    with pytest.raises(CommandError, match="not signed with this key"):
        run("--check", file, "--key", vkey)
    # Without a key it is unsigned, and no older signature stays beside it.
    run("--out", file)
    assert not file.with_name("manifest.json.note").exists()


def test_a_key_is_made_only_when_asked_for_and_never_over_another(tmp_path: Path, key_file: tuple[Path, str]) -> None:
    file, _ = key_file
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with pytest.raises(CommandError, match="never written over"):
        call_command("make_release_key", str(file), "x")
    with pytest.raises(CommandError, match="no release key"):
        run("--out", tmp_path / "manifest.json", "--sign", tmp_path / "none.key")
    assert not (tmp_path / "none.key").exists()


@pytest.mark.parametrize("words", [["--key", "x"], ["--sign", "x"]])
def test_words_that_go_nowhere_are_refused(words: list[str]) -> None:
    with pytest.raises(CommandError):
        run(*words)


def test_a_private_key_that_was_altered_is_none(key_file: tuple[Path, str]) -> None:
    text = key_file[0].read_text().strip()
    assert release_note.write_private_key(release_note.read_private_key(text)) == text
    for other in (text.removeprefix("PRIVATE+KEY+"), text[:-8] + "AAAAAAA=", text.replace("chat", "chut"), ""):
        with pytest.raises(KeyLogInvalid):
            release_note.read_private_key(other)
