"""Run a module under cProfile: `python -m benchmarks.profiled <module> <its arguments>`.

SIGUSR1 starts and SIGUSR2 ends the taking of figures, so that starting and signing in are left out. They go to the file
that PROFILE_TO names, as JSON.
"""

import cProfile
import json
import os
import runpy
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.processes import processor_seconds_of_thread


class Profiles:
    """One profile for each thread."""

    def __init__(self) -> None:
        self._profiles: dict[str, list[cProfile.Profile]] = {}
        self._native_ids: dict[str, list[int]] = {}
        self._before: dict[str, float] = {}
        self._main = self.of_thread("main")

    def of_thread(self, thread: str) -> cProfile.Profile:
        """Return a new profile."""
        profile, name = cProfile.Profile(), thread.rstrip("-_0123456789")
        self._profiles.setdefault(name, []).append(profile)
        self._native_ids.setdefault(name, []).append(threading.get_native_id())
        return profile

    def start(self, *_: object) -> None:
        """Take figures from here on; what other threads did before is forgotten."""
        for profiles in self._profiles.values():
            for profile in profiles:
                profile.clear()
        self._before = self._used()
        self._main.enable()

    def stop(self, *_: object) -> None:
        """Write what was taken."""
        self._main.disable()
        threads = {
            name: {
                "processor_seconds": used - self._before.get(name, 0.0),
                "rows": [row for profile in self._profiles[name] for row in _rows(profile)],
            }
            for name, used in self._used().items()
        }
        target = Path(os.environ["PROFILE_TO"])
        unfinished = target.with_suffix(".part")
        unfinished.write_text(json.dumps(threads))
        unfinished.rename(target)

    def _used(self) -> dict[str, float]:
        return {name: sum(map(processor_seconds_of_thread, ids)) for name, ids in self._native_ids.items()}


def _rows(profile: cProfile.Profile) -> Iterator[tuple[str, str, int, float, list[tuple[str, float]]]]:
    """Yield (file, function, calls, own seconds, the seconds of each builtin that it calls) of each function."""
    for entry in profile.getstats():
        if isinstance(entry.code, str):
            continue
        builtins: list[tuple[str, float]] = [
            (called.code, called.inlinetime) for called in entry.calls or () if isinstance(called.code, str)
        ]
        yield entry.code.co_filename, entry.code.co_name, entry.callcount, entry.inlinetime, builtins


def main() -> None:
    """Set up and run."""
    profiles = Profiles()
    run_thread = threading.Thread.run

    def run(thread: Any) -> None:
        with profiles.of_thread(thread.name):
            run_thread(thread)

    threading.Thread.run = run  # type: ignore[method-assign]
    signal.signal(signal.SIGUSR1, profiles.start)
    signal.signal(signal.SIGUSR2, profiles.stop)
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
