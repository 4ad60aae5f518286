"""What this process leans on: one line in the log when it is lost and one when it is back, whatever happens between."""

import logging
import time

from talk2me import metrics
from talk2me.metric_labels import Part

logger = logging.getLogger(__name__)

# Since when, in seconds of the monotonic clock.
_lost: dict[Part, float] = {}


def lost(part: Part, error: BaseException) -> None:
    """Hear from whoever uses `part` that it failed."""
    if part not in _lost:
        _lost[part] = time.monotonic()
        metrics.reachable.labels(part).set(0)
        # Where it was noticed says nothing; that it was is told once, not with a traceback for everyone who waits.
        says = next(iter(str(error).splitlines()), "")
        logger.error("lost", extra={"part": part, "error": f"{type(error).__name__} {says}".rstrip()})


def back(part: Part) -> None:
    """Hear from whoever uses `part` that it worked; costs nothing as long as it always does."""
    since = _lost.pop(part, None)
    if since is not None:
        metrics.reachable.labels(part).set(1)
        logger.warning("back", extra={"part": part, "seconds": round(time.monotonic() - since, 1)})
