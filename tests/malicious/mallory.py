"""Mallory: a member with a client of her own, in a Node process, who obeys nobody (tests/js/support/mallory.js)."""

import json
import shutil
import subprocess
from types import TracebackType
from typing import Self

from tests.e2e.running_server import ROOT


class Mallory:
    """Each step is sent to the process, and has happened when it returns."""

    def __init__(self, origin: str) -> None:
        self._command = [
            shutil.which("node") or "node",
            "--experimental-websocket",
            "tests/js/support/mallory.js",
            origin,
        ]

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            self._command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.stdin.close()
        self._process.wait(timeout=60)

    def do(self, *words: str) -> list[str] | None:
        """Let her take a step, named as in mallory.js."""
        self._process.stdin.write(json.dumps(words) + "\n")
        self._process.stdin.flush()
        told = json.loads(self._process.stdout.readline())
        assert "error" not in told, told["error"]
        return told["result"]
