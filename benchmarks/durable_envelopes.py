"""`python -m benchmarks.durable_envelopes`: one load on one server; benchmarks/README.md says what is measured."""

import argparse
import tempfile
from pathlib import Path

from benchmarks.client.plan import Figures
from benchmarks.measure import measure
from benchmarks.servers.ours import ours
from benchmarks.servers.stores import Stores


def main() -> None:
    """Measure ours as the options say, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--server", choices=["daphne", "uvicorn"], default="uvicorn")
    parser.add_argument("--store", choices=["sqlite", "postgresql"], default="postgresql")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--sockets", type=int, default=50)
    parser.add_argument("--in-flight", type=int, default=64)
    parser.add_argument("--rate", type=float, default=0, help="a fixed rate in place of so many in flight")
    parser.add_argument("--seconds", type=float, default=10)
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        Stores(Path(folder)) as stores,
        ours(
            stores,
            people=options.sockets,
            server=options.server,
            store=options.store,
            workers=options.workers,
        ) as running,
    ):
        figures = measure(
            running,
            Figures,
            wire="ours",
            sockets=options.sockets,
            mode="rate" if options.rate else "closed",
            rate=options.rate,
            in_flight=options.in_flight,
            seconds=options.seconds,
        )
    print(figures.as_text())


if __name__ == "__main__":
    main()
