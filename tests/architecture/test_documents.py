"""What the documents say is so: settings, paths, commands."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [ROOT / "README.md", ROOT / "SECURITY.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


def test_every_setting_from_the_environment_is_in_the_table_of_the_readme() -> None:
    settings = (ROOT / "talk2me/settings.py").read_text()
    names = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', settings))
    assert len(names) > 15
    readme = (ROOT / "README.md").read_text()
    assert {name for name in names if f"`{name}`" not in readme} == set()


def test_every_setting_in_the_readme_exists() -> None:
    settings = (ROOT / "talk2me/settings.py").read_text()
    table = (ROOT / "README.md").read_text().split("## Configuration")[1].split("## Layout")[0]
    names = {name for line in table.splitlines() if line.startswith("| `") for name in re.findall(r"`([A-Z_]+)`", line.split("|")[1])}  # fmt: skip # noqa: E501
    assert {name for name in names if f'"{name}"' not in settings} == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_and_test_that_a_document_names_exists(document: Path) -> None:
    text = document.read_text()
    links = {document.parent / link for link in re.findall(r"\]\(([^)#:]+)\)", text)}
    named = {ROOT / path for path in re.findall(r"`((?:tests|benchmarks|patches|static/css|keys|messaging)/[\w/.]*)`", text)}  # fmt: skip # noqa: E501
    assert {str(path.relative_to(ROOT)) for path in links | named if not path.exists()} == set()


def test_every_make_target_is_explained() -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    explained = set(re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE))
    assert {"run", "test", "check", "bench", "help"} <= explained <= targets


def test_every_picture_that_is_shown_exists_and_the_other_way_round() -> None:
    shown = {
        document.parent / path
        for document in DOCUMENTS
        for path in re.findall(r'(?:src="|!\[[^\]]*\]\()([^":)]+)', document.read_text())
    }
    assert shown == {*(ROOT / "docs/images").iterdir()}
