"""What tidies up behind itself when it is told to stop."""

import signal
import sys
from types import FrameType

SIGNALS = (signal.SIGTERM, signal.SIGHUP)


def tidy_up_when_stopped() -> None:
    """Let the signals that end a process leave by SystemExit, past every `finally`; one that is ignored stays so."""
    for number in SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _leave)


def _leave(number: int, _frame: FrameType | None) -> None:
    # Once is enough: a second one would end the tidying up.
    for other in SIGNALS:
        signal.signal(other, signal.SIG_IGN)
    sys.exit(128 + number)
