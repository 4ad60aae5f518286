"""One short load from end to end: the benchmarks run on what the product is now."""

import os
import subprocess
import sys

from tests.e2e.running_server import ROOT


def test_a_short_load_on_ours_counts_envelopes():
    command = [sys.executable, "-m", "benchmarks.durable_envelopes", "--store", "sqlite", "--sockets", "4"]
    said = subprocess.run(
        [*command, "--seconds", "1"], cwd=ROOT, env=os.environ, check=True, capture_output=True, text=True
    ).stdout
    assert float(said.split()[0].replace(",", "")) > 0
    assert "server" in said
