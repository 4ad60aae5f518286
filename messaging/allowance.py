"""How much one account may have stored in an hour, whichever mailboxes it is in."""

from contextlib import suppress

from talk2me import limits
from talk2me.errors import RateLimited

# Counted together up to here: counting costs more than taking in a small envelope.
COUNTED_BYTES = 16 * 1024
KIB = 1024


class Allowance:
    """The bytes that one socket has sent and that have not been counted yet."""

    def __init__(self) -> None:
        self._uncounted = 0

    def take(self, account: bytes, size: int) -> None:
        """Count `size` bytes that are to be stored. Raises RateLimited, and then they are not to be stored."""
        self._uncounted += size
        if self._uncounted >= COUNTED_BYTES:
            cost, self._uncounted = self._uncounted // KIB, self._uncounted % KIB
            limits.hit("stored", account, cost=cost)

    def settle(self, account: bytes) -> None:
        """Count what is left when the socket closes."""
        if self._uncounted:
            with suppress(RateLimited):
                limits.hit("stored", account, cost=-(-self._uncounted // KIB))
            self._uncounted = 0
