"""One short load from end to end: the benchmarks run on what the product is now."""

import os
import subprocess
import sys

from tests.e2e.running_server import ROOT


def test_a_short_load_on_ours_counts_envelopes():
    command = [sys.executable, "-m", "benchmarks.durable_envelopes", "--store", "sqlite", "--sockets", "4"]
    run = subprocess.run(
        [*command, "--seconds", "2"], cwd=ROOT, env=os.environ, check=False, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr[-4000:]
    assert float(run.stdout.split()[0].replace(",", "")) > 0
    assert "server" in run.stdout
