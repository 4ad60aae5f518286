"""Scripts of ours in Node, which print what they have found as JSON."""

import json
import os
import subprocess
from typing import Any

from benchmarks.servers.running import ROOT, inherited, run_module


def find_node_first() -> None:
    """Let what is started from now on find our Node before another one."""
    node = run_module("scripts.node_path", [], inherited(PYTHONPATH=str(ROOT / "scripts"))).strip()
    os.environ["PATH"] = f"{node}{os.pathsep}{os.environ['PATH']}"


def run_node(script: str, *arguments: str) -> dict[str, Any]:
    """Run one of this folder."""
    command = ["node", "--experimental-websocket", "--no-warnings", f"benchmarks/archive/{script}", *arguments]
    done = subprocess.run(command, env=os.environ, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own words
    return json.loads(done.stdout)  # type: ignore[no-any-return]
