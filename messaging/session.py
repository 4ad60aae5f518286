"""A signed-in socket, as the rest of this worker sees it."""

import time

from msgspec import UNSET

from messaging.allowance import Allowance
from messaging.close_codes import CLOSE_CODES
from messaging.frames import Error, SessionEnded, encode
from messaging.send_window import SendWindow
from talk2me import metrics
from talk2me.errors import Talk2meError


class Session:
    """Who is at the other end, which mailboxes reach it, and the way out to it."""

    def __init__(self, window: SendWindow) -> None:
        self.window = window
        self.account = b""
        self.device = b""
        # Set when signed in; which of two sockets of a device is the newer one.
        self.opened = 0
        self.mailboxes: set[bytes] = set()
        self.allowance = Allowance()
        self.ended = False

    def sign_in(self, account: bytes, device: bytes) -> None:
        """Remember whose socket this is."""
        self.account, self.device, self.opened = account, device, time.time_ns()

    def refuse(self, ref: int | None, error: Talk2meError) -> None:
        """Answer a frame with an error."""
        metrics.errors.labels(error.code).inc()
        slot = UNSET if error.slot is None else error.slot
        retry_after = UNSET if error.retry_after is None else error.retry_after
        self.window.put(encode(Error(ref=ref, code=error.code, slot=slot, retry_after=retry_after)))

    def end(self, code: str) -> None:
        """Say why, and close; frames that still come in are ignored."""
        if not self.ended:
            self.ended = True
            self.window.put(encode(SessionEnded(code=code)))
            self.window.finish(CLOSE_CODES[code])
