"""scripts/set_up.py writes secrets once, and adds to an older `.env` those that it lacks."""

import importlib.util
import stat
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts/set_up.py"


@pytest.fixture
def set_up(tmp_path, monkeypatch):
    """The script, as if the checkout were an empty folder."""
    spec = importlib.util.spec_from_file_location("set_up", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "ROOT", tmp_path)
    return module


def names(text):
    return [line.partition("=")[0] for line in text.splitlines() if line and not line.startswith("#")]


def test_a_new_checkout_gets_all_of_them_for_its_owner_only(set_up, tmp_path):
    set_up.write_secrets()
    file = tmp_path / ".env"
    text = file.read_text()
    assert names(text) == ["SECRET_KEY", "FRANKING_KEY", "KEYLOG_KEY", "PUSH_KEY"]
    assert min(len(line.partition("=")[2]) for line in text.splitlines()[1:]) >= 64
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    set_up.write_secrets()
    assert file.read_text() == text


@pytest.mark.parametrize("end", ["", "\n"])
def test_an_older_file_keeps_what_it_has_and_gets_what_it_lacks(set_up, tmp_path, end):
    older = f"# mine\nexport SECRET_KEY=one\n#KEYLOG_KEY=\nFRANKING_KEY=two{end}"
    (tmp_path / ".env").write_text(older)
    set_up.write_secrets()
    text = (tmp_path / ".env").read_text()
    assert text.startswith(older)
    assert names(text) == ["export SECRET_KEY", "FRANKING_KEY", "KEYLOG_KEY", "PUSH_KEY"]
