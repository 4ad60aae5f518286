"""Starting again what died."""

import logging
import time
from collections import deque
from typing import Protocol

from cluster.wait import NotReady

logger = logging.getLogger(__name__)

# So often within so many seconds one part is started again; then something is wrong that starting does not cure.
RESTARTS = 5
WITHIN_SECONDS = 60.0


class Part(Protocol):
    """Something that can be running and can be started."""

    @property
    def running(self) -> bool:
        """Whether it runs."""
        ...

    def start(self) -> None:
        """Start it."""
        ...


class TooManyRestarts(Exception):
    """A part died again and again; the text names it."""


class Supervisor:
    """Watches the parts of a cluster. `parts`: by the name that the log uses."""

    def __init__(self, parts: dict[str, Part]) -> None:
        self.parts = parts
        self._restarts: dict[str, deque[float]] = {name: deque(maxlen=RESTARTS) for name in parts}

    def look(self) -> None:
        """Start whatever does not run. Raises TooManyRestarts."""
        for name, part in self.parts.items():
            if part.running:
                continue
            past = self._restarts[name]
            if len(past) == RESTARTS and time.monotonic() - past[0] < WITHIN_SECONDS:
                raise TooManyRestarts(f"{name} died {RESTARTS} times in {WITHIN_SECONDS:.0f} seconds")
            past.append(time.monotonic())
            logger.warning("%s died and is started again", name)
            try:
                part.start()
            except NotReady as error:
                logger.warning("%s", error)
