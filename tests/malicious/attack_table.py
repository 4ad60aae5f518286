"""The table of attacks in SECURITY.md: the one place that says what is met today, and which tests show it."""

import ast
import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HEADING = "## Attacks, and where each is tried"
ROW = re.compile(r"^\| (\d+) \| (.+?) \| (met|part|not met|not there) \| (.*?) \| (.*?) \|$")
TEST = re.compile(r"^- (\d+[a-z]+) `(tests/[\w/.]+)(?:::(\w+)|: \"(.+)\")`$")


@dataclass(frozen=True)
class Test:
    """A test by name: in `path`, a function of pytest or a sentence of Node."""

    __test__ = False  # pytest collects by name

    id: str
    path: str
    name: str

    @property
    def is_python(self) -> bool:
        """Whether pytest runs it."""
        return self.path.endswith(".py")

    def exists(self) -> bool:
        """Tell whether the file has a test of this name."""
        file = ROOT / self.path
        if not file.exists():
            return False
        if self.is_python:
            tree = ast.parse(file.read_text())
            return any(
                isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == self.name
                for node in tree.body
            )
        return re.search(rf'^\s*(?:it|test)\("{re.escape(self.name)}",', file.read_text(), re.MULTILINE) is not None


@dataclass(frozen=True)
class Row:
    """An attack: `today` is met, part, not met, or not there (what would be attacked does not exist yet)."""

    number: int
    attack: str
    today: str
    remark: str
    tests: list[Test]


def read_table(text: str | None = None) -> list[Row]:
    """Return the rows of SECURITY.md. Raises ValueError for a line of the table or the list that is neither."""
    text = (ROOT / "SECURITY.md").read_text() if text is None else text
    lines = text.split(HEADING)[1].split("\n## ")[0].splitlines()
    tests = {test.id: test for test in map(_read_test, (line for line in lines if line.startswith("- ")))}
    rows = [line for line in lines if line.startswith("| ") and not line.startswith("| #")]
    return [_read_row(line, tests) for line in rows]


def _read_test(line: str) -> Test:
    found = TEST.match(line)
    if not found:
        raise ValueError(line)
    return Test(found[1], found[2], found[3] or found[4])


def _read_row(line: str, tests: dict[str, Test]) -> Row:
    found = ROW.match(line)
    if not found:
        raise ValueError(line)
    named = [tests[name] for name in found[5].split()]
    return Row(int(found[1]), found[2], found[3], found[4], named)
