"""`python -m benchmarks`: everything that is measured, in one run. benchmarks/README.md says what and beside what."""

import argparse
import gc
import os
import resource
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.parts import PARTS
from benchmarks.report import report
from benchmarks.run import Run
from benchmarks.servers.stores import Stores

FILES = 20_000


def main() -> None:
    """Measure the parts that were asked for, print, and keep the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="part", help=f"of {', '.join(PARTS)}; all without")
    parser.add_argument("--quick", action="store_true", help="in minutes: less of everything, each once")
    options = parser.parse_args()
    unknown = set(options.parts) - set(PARTS)
    if unknown:
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    _allow_files()
    gc.freeze()
    start = time.monotonic()
    print(f"{os.cpu_count()} cores, which server, database and load client share", flush=True)
    with tempfile.TemporaryDirectory(prefix="talk2me-bench-") as folder, Stores(Path(folder)) as stores:
        run = Run(stores, options.quick)
        for name in options.parts or PARTS:
            print(f"\n{name}: {(PARTS[name].__doc__ or '').splitlines()[0]}", flush=True)
            PARTS[name](run)
    name = "-".join(["bench", *options.parts, *(["quick"] if options.quick else [])])
    report(run, name, time.monotonic() - start)
    sys.exit(1 if run.broken else 0)


def _allow_files() -> None:
    """Let us and our children open thousands of sockets, as far as the system lets us."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (FILES if most == resource.RLIM_INFINITY else min(most, FILES), most))


if __name__ == "__main__":
    main()
