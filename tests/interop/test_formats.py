"""Every format computed twice from the same inputs: here in Python, in tests/js/protocol in JavaScript."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.interop.encodings import from_json
from tests.interop.formats import FORMATS

CASES = json.loads((Path(__file__).parents[1] / "vectors/formats.json").read_text())


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_second_implementation_gives_the_same_bytes(case: dict[str, Any]) -> None:
    assert FORMATS[case["format"]](from_json(case["given"])) == from_json(case["expected"])


def test_no_format_is_without_a_case() -> None:
    assert {case["format"] for case in CASES} == set(FORMATS)
