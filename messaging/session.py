"""A signed-in socket, as the rest of this worker sees it."""

import time

from msgspec import UNSET

from messaging.allowance import Allowance
from messaging.close_codes import CLOSE_CODES
from messaging.device_rates import Rates
from messaging.frames import Error, SessionEnded, encode
from messaging.send_window import SendWindow
from talk2me import metrics
from talk2me.errors import Talk2meError


class Session:
    """Who is at the other end, which mailboxes reach it, and the way out to it."""

    __slots__ = (
        "__weakref__", "_end_code", "account", "allowance", "device", "ended", "mailboxes", "opened", "rates",
        "unanswered", "window",
    )  # fmt: skip

    def __init__(self, window: SendWindow) -> None:
        self.window = window
        self.account = b""
        self.device = b""
        # Set when signed in; which of two sockets of a device is the newer one.
        self.opened = 0
        self.mailboxes: set[bytes] = set()
        self.allowance = Allowance()
        self.rates: Rates | None = None
        # Sends that the writer has and has not answered.
        self.unanswered = 0
        self.ended = False
        self._end_code = ""

    def sign_in(self, account: bytes, device: bytes, rates: Rates) -> None:
        """Remember whose socket this is."""
        self.account, self.device, self.opened, self.rates = account, device, time.time_ns(), rates

    def refuse(self, ref: int | None, error: Talk2meError) -> None:
        """Answer a frame with an error."""
        metrics.errors.labels(error.code).inc()
        slot = UNSET if error.slot is None else error.slot
        retry_after = UNSET if error.retry_after is None else error.retry_after
        self.window.put(encode(Error(ref=ref, code=error.code, slot=slot, retry_after=retry_after)))

    def answered(self) -> None:
        """Hear that a send has got its answer."""
        self.unanswered -= 1
        if self._end_code and not self.unanswered:
            self.end(self._end_code)

    def end(self, code: str) -> None:
        """Say why, and close; frames that still come in are ignored. Of several codes the first counts."""
        self.ended = True
        self.window.put(encode(SessionEnded(code=code)))
        self.window.finish(CLOSE_CODES[code])

    def end_when_answered(self, code: str) -> None:
        """Take no more frames, and end when what was sent before has its answers."""
        self.ended = True
        self._end_code = code
        if not self.unanswered:
            self.end(code)
