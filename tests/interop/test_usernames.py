"""The browser writes a username in the form that the server compares; tests/js/protocol has the other half."""

import json
from pathlib import Path

import pytest

from keys.usernames import canonical

CASES = json.loads((Path(__file__).parents[1] / "vectors/usernames.json").read_text())


@pytest.mark.parametrize("case", CASES, ids=[ascii(case["typed"]) for case in CASES])
def test_the_server_keeps_the_name_as_the_browser_writes_it(case: dict[str, str]) -> None:
    assert canonical(case["typed"]) == case["kept"]
    assert canonical(case["kept"]) == case["kept"]
