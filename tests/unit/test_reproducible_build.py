"""Two builds in two folders, with other clocks, names and habits of the machine, give the same bytes."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.set_up import find_node
from talk2me import manifest

ROOT = Path(__file__).resolve().parents[2]
EMOJI = "node_modules/emoji-picker-element-data"
EMOJI_DATA = [f"{EMOJI}/en/emojibase/data.json", *(f"{EMOJI}/{name}/cldr/data.json" for name in ("de", "es", "fr"))]
# What reads the catalogues, and needs.
GETTEXT = ("gettext-parser", "content-type", "encoding", "iconv-lite", "safer-buffer")
MACHINES = [
    {"TZ": "Asia/Tokyo", "LANG": "C", "PYTHONHASHSEED": "1", "ORIGIN": "https://one.example"},
    {"TZ": "America/Lima", "LANG": "de_DE.UTF-8", "PYTHONHASHSEED": "2", "HSTS_SECONDS": "60"},
]


def packages() -> list[str]:
    """What ends up in built/ and what makes it, as folders; of the emoji a few files are enough."""
    locked = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    shipped = [name for name, entry in locked.items() if name and not entry.get("dev") and name != EMOJI]
    return [*shipped, *(f"node_modules/{name}" for name in ("esbuild", "@esbuild", *GETTEXT))]


def build(folder: Path, machine: dict[str, str]) -> bytes:
    """Make static/vendor and built/ anew in a copy of the checkout, and return the manifest that is written there."""
    for name in ("static", "templates", "locale", "scripts", "talk2me", "keys", "messaging", "operators", "cluster"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("vendor", "__pycache__"))
    for name in ("manage.py", "package.json", "package-lock.json", "CHANGELOG.md"):
        shutil.copy(ROOT / name, folder / name)
    (folder / "static/vendor").mkdir()
    for package in packages():
        shutil.copytree(ROOT / package, folder / package, symlinks=True)
    for data in EMOJI_DATA:
        (folder / data).parent.mkdir(parents=True)
        shutil.copy(ROOT / data, folder / data)
    node = str(find_node() / "node")
    for script in (["languages.js", "compile"], ["vendor.js"], ["build_page.js"]):
        subprocess.run([node, f"scripts/{script[0]}", *script[1:]], cwd=folder, env=os.environ | machine, check=True)
    environment = os.environ | {"DATA_DIR": str(folder / "var")} | machine
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    subprocess.run(
        [sys.executable, "manage.py", "manifest", "--out", "manifest.json"], cwd=folder, env=environment, check=True
    )
    return (folder / "manifest.json").read_bytes()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Path, bytes]]:
    folders = [tmp_path_factory.mktemp("one"), tmp_path_factory.mktemp("another") / "much" / "deeper"]
    return [(folder, build(folder, machine)) for folder, machine in zip(folders, MACHINES, strict=True)]


def served(root: Path) -> dict[str, bytes]:
    """What is in built/, by its name there."""
    files = [path for path in (root / "built").rglob("*") if path.is_file()]
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


def test_what_browsers_load_is_built_to_the_same_bytes(built: list[tuple[Path, bytes]]) -> None:
    for folder, _ in built:
        assert served(folder) == served(ROOT)


def test_the_manifest_is_the_same_everywhere(built: list[tuple[Path, bytes]]) -> None:
    assert {written for _, written in built} == {manifest.write(manifest.build())}


def test_nothing_in_it_names_the_folder_it_was_built_in(built: list[tuple[Path, bytes]]) -> None:
    for folder, written in built:
        for data in [written, *served(folder).values()]:
            assert str(folder).encode() not in data
