"""The periodic jobs as a process."""

import sys
from collections.abc import Mapping
from pathlib import Path

from cluster.process import Process


class Jobs(Process):
    """`manage.py jobs` with all settings in `env`, DATA_DIR among them."""

    def __init__(self, env: Mapping[str, str]) -> None:
        log = Path(env["DATA_DIR"]) / "logs" / "jobs.log"
        super().__init__([sys.executable, "manage.py", "jobs"], env=env, log=log)
