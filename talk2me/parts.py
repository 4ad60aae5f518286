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
        logger.error("lost", extra={"part": part}, exc_info=error)


def back(part: Part) -> None:
    """Hear from whoever uses `part` that it worked; costs nothing as long as it always does."""
    since = _lost.pop(part, None)
    if since is not None:
        metrics.reachable.labels(part).set(1)
        logger.warning("back", extra={"part": part, "seconds": round(time.monotonic() - since, 1)})
