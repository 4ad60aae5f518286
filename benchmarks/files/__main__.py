"""`python -m benchmarks.files`: how fast files go and come, beside the same bytes in plain (benchmarks/README.md)."""

import argparse
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from benchmarks.archive.cpu_profile import costliest
from benchmarks.files.summary import summarize
from benchmarks.files.tables import tell
from benchmarks.processes import processor_seconds
from benchmarks.servers.running import ROOT
from tests.browser_profiles import QUIET
from tests.e2e.page_modules import put_modules
from tests.e2e.running_server import RunningServer

TARGET = ROOT / "var/bench/files.json"
IN_PAGE = Path(__file__).with_name("in_page.js").read_text().rstrip().removesuffix(";")
MEGABYTE = 1_000_000
ALONE = ("encrypt", "decrypt", "seal", "open")
ROUNDS = {1: 15, 10: 7, 100: 3}
WITHOUT_LIMITS = {"RATE_UPLOAD": "", "RATE_DOWNLOAD": "", "ATTACHMENT_QUOTA_BYTES": str(16 * 1024**3)}

Figures = dict[str, Any]


class Transfers:
    """A page in which two people talk, and what is measured in it."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._do("begin")

    def measure(self, megabytes: int, rounds: int, profiled: str | None = None) -> Figures:
        """Return rates in MB/s of a file of that size. Sealed and plain take turns in going first."""
        self._do("make_file", size=megabytes * MEGABYTE)
        times: dict[str, list[float]] = {}
        processor: dict[str, list[float]] = {}

        def take(name: str) -> None:
            before = processor_seconds([os.getpid()])
            times.setdefault(name, []).append(self._profiled(name) if name == profiled else self._do(name))
            processor.setdefault(name, []).append(1000 * (processor_seconds([os.getpid()]) - before))

        for round_ in range(rounds):
            ways = ("sealed", "plain") if round_ % 2 == 0 else ("plain", "sealed")
            for way in ways:
                take(f"upload_{way}")
            self._do("arrive")
            for name in (*(f"download_{way}" for way in ways), *ALONE):
                take(name)
        return summarize(megabytes, times, processor) | {"rounds_ms": times}

    def _profiled(self, name: str) -> float:
        tools = self._page.context.new_cdp_session(self._page)
        tools.send("Profiler.enable")
        tools.send("Profiler.start")
        took = self._do(name)
        print(f"\n  {name}")
        costliest(tools.send("Profiler.stop")["profile"])
        tools.detach()
        return took

    def _do(self, name: str, **of: Any) -> float:
        return self._page.evaluate(f"(of) => ({IN_PAGE}).{name}(of)", of)  # type: ignore[no-any-return]


@contextmanager
def transfers(folder: Path) -> Iterator[Transfers]:
    """Yield a page of a Chromium with its profile on the disk, as people have it, at a server of its own."""
    system = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    limits = {"REGISTRATION": "open", "LOG_LEVEL": "ERROR"} | WITHOUT_LIMITS
    with RunningServer(folder / "data", **limits) as server, sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            folder / "profile", executable_path=system, args=QUIET, base_url=server.origin
        )
        page = context.new_page()
        page.goto("/")
        put_modules(page, "session/open_session.js", "codec/base64url.js", "protocol/file_sealing.js")
        yield Transfers(page)
        context.close()


def main() -> None:
    """Measure, print a table, and keep the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.files", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="10 MB alone, in fewer rounds")
    parser.add_argument("--megabytes", type=int, nargs="+", help="other sizes, 103 at most")
    parser.add_argument("--rounds", type=int, help="of each")
    parser.add_argument("--profile", help="tell where the page's time goes in one of them, such as upload_sealed")
    options = parser.parse_args()
    found: Figures = {}
    with tempfile.TemporaryDirectory(prefix="talk2me-files-") as folder, transfers(Path(folder)) as page:
        for megabytes in options.megabytes or ([10] if options.quick else [1, 10, 100]):
            rounds = options.rounds or (3 if options.quick else ROUNDS.get(megabytes, 3))
            found[str(megabytes)] = page.measure(megabytes, rounds, options.profile)
            print(f"  {megabytes} MB: measured", flush=True)
    tell(found)
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(json.dumps(found, indent=2) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
