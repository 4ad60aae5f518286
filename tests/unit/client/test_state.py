"""The folder of the talk2me command, and Node for it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from client.__main__ import main
from client.errors import Failed
from client.find_node import LEAST, find_node
from client.state import State, check_server

ROOT = Path(__file__).resolve().parents[3]


def test_a_server_is_an_origin_and_without_tls_only_on_this_machine() -> None:
    assert check_server("https://Chat.Example/") == "https://chat.example"
    assert check_server("http://127.0.0.1:8000") == "http://127.0.0.1:8000"
    for wrong in (
        "http://chat.example",
        "chat.example",
        "https://chat.example/page",
        "https://a@chat.example",
        "ftp://x",
        "http://[::1",
        "https://chat.example:99999",
    ):
        with pytest.raises(Failed, match="server_invalid"):
            check_server(wrong)


def test_what_others_can_read_is_refused(tmp_path: Path) -> None:
    state = State(tmp_path / "state").begin("https://chat.example")
    assert len(state.secret()) >= 32
    state.key_path.chmod(0o644)
    with pytest.raises(Failed, match="state_readable"):
        state.secret()
    state.key_path.chmod(0o600)
    state.folder.chmod(0o750)
    with pytest.raises(Failed, match="state_readable"):
        state.secret()


def test_a_lost_key_file_is_not_made_again(tmp_path: Path) -> None:
    state = State(tmp_path / "state").begin("https://chat.example")
    (state.folder / "state.sqlite3").touch()
    state.key_path.unlink()
    state.begin("https://chat.example")
    with pytest.raises(Failed, match="key_file_missing"):
        state.secret()


def test_an_account_keeps_its_server(tmp_path: Path) -> None:
    state = State(tmp_path / "state")
    with pytest.raises(Failed, match="account_missing"):
        _ = state.origin
    state.begin("https://one.example").keep_server()
    assert state.origin == "https://one.example"
    with pytest.raises(Failed, match="already_signed_up"):
        state.begin("https://two.example")


def test_a_folder_that_is_none_is_told_with_a_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    file = tmp_path / "file"
    file.touch()
    words = ["talk2me", "sign-up", "robot", "--server", "https://chat.example", "--state", str(file), "--json"]
    monkeypatch.setattr(sys, "argv", words)
    assert main() == 1
    assert json.loads(capsys.readouterr().err) == {"error": "state_unusable", "kept": False}


@pytest.mark.parametrize("node", ["/nonexistent", "/bin/echo"])
def test_what_is_no_node_is_passed_over(monkeypatch: pytest.MonkeyPatch, node: str) -> None:
    good = find_node()
    monkeypatch.setattr("client.find_node._places", lambda: iter([node, good]))
    find_node.cache_clear()
    assert find_node() == good


def test_set_up_fetches_the_node_that_is_looked_for() -> None:
    assert f"NODE_OF_CLIENT = {LEAST}\n" in (ROOT / "scripts/set_up.py").read_text()


def test_the_database_does_what_the_store_asks_of_indexeddb() -> None:
    done = subprocess.run(
        [find_node(), "--disable-warning=ExperimentalWarning", "--test", "tests/js/client/database_checks.js"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
