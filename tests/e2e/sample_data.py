"""The interface on sample data, served for a test."""

import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from tests.e2e.running_server import ROOT, free_port


@contextmanager
def preview() -> Iterator[str]:
    """Serve the interface on sample data; give its address."""
    origin = f"http://127.0.0.1:{(port := free_port())}"
    process = subprocess.Popen([sys.executable, "-m", "tests.js.support.preview", str(port), "kept"], cwd=ROOT)
    try:
        while True:
            assert process.poll() is None, "the preview has ended"
            try:
                urllib.request.urlopen(origin).close()
                break
            except OSError:
                time.sleep(0.1)
        yield origin
    finally:
        process.terminate()
        process.wait()
