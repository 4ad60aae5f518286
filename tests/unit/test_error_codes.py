"""One table of error codes: the server's tree, the browser's table and the page that explains them."""

import re
from pathlib import Path

from talk2me.errors import all_codes

ROOT = Path(__file__).parents[2]


def documented() -> dict[str, int | None]:
    page = (ROOT / "docs/wire_format.md").read_text()
    section = page.split("## 1. Errors")[1].split("\n## ")[0]
    rows = re.findall(r"^\| `(\w+)` \| (\d*) ?\|", section, re.MULTILINE)
    return {code: int(status) if status else None for code, status in rows}


def in_browser(origin: str) -> list[str]:
    table = (ROOT / "static/js/errors.js").read_text()
    return re.findall(rf'^  (\w+): "{origin}",$', table, re.MULTILINE)


def test_the_server_raises_what_is_documented() -> None:
    assert set(all_codes()) == set(documented())


def test_the_statuses_are_those_documented() -> None:
    assert {code: status for code, status in documented().items() if status} == {
        code: all_codes()[code] for code, status in documented().items() if status
    }


def test_the_browser_knows_the_same_codes() -> None:
    assert sorted(in_browser("server")) == sorted(all_codes())


def test_the_browsers_own_codes_are_none_of_the_servers() -> None:
    own = in_browser("browser")
    assert own
    assert len(set(own)) == len(own)
    assert not set(own) & set(all_codes())
