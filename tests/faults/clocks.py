"""Wall clocks that jump, one for each worker."""

import os
from pathlib import Path

from cluster.process import ROOT, Process

CUSTOMIZED = Path(__file__).parent / "shifted_clock"


class Clocks:
    """`environment` is for the processes whose clocks shall jump."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir()
        self.environment = {
            "SHIFTED_CLOCK": str(folder),
            "PYTHONPATH": os.pathsep.join((str(CUSTOMIZED), str(ROOT))),
        }

    def shift(self, seconds: int, process: Process | None = None) -> None:
        """Set the clock of a process, or of all that have none of their own, so far from the right time."""
        name = str(process.pid) if process is not None else "everyone"
        unfinished = self._folder / f"{name}.new"
        unfinished.write_text(str(seconds))
        unfinished.rename(self._folder / name)
