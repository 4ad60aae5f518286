"""Every open socket of this worker, signed in or not, and how many of them one address has."""

from collections import Counter

from django.conf import settings

from messaging.session import Session
from talk2me.errors import RateLimited

# Of those that one address may have, this part may still be without `hello`: they hold much and have shown nothing.
UNKNOWN_PART = 4
RETRY_SECONDS = 30


class Sockets:
    """Lives on one event loop."""

    def __init__(self) -> None:
        # The key of each socket's address; empty for one that is not counted.
        self._address: dict[Session, bytes] = {}
        self._all: Counter[bytes] = Counter()
        self._unknown: Counter[bytes] = Counter()
        self.closing = False

    def __len__(self) -> int:
        return len(self._address)

    def present(self) -> list[Session]:
        """Return the sockets that are open now."""
        return list(self._address)

    def enter(self, session: Session, address: bytes) -> None:
        """Take in a socket from an address (its key; empty: not counted). Raises RateLimited when it has too many."""
        most = settings.SOCKETS_PER_ADDRESS
        if address and most:
            unknown_most = max(1, most // UNKNOWN_PART)
            if self._all[address] >= most or self._unknown[address] >= unknown_most:
                raise RateLimited(retry_after=RETRY_SECONDS)
        self._address[session] = address
        if address:
            self._all[address] += 1
            self._unknown[address] += 1

    def known(self, session: Session) -> None:
        """Hear that a socket has signed in."""
        address = self._address.get(session)
        if address:
            _less(self._unknown, address)

    def leave(self, session: Session) -> None:
        """Forget a socket."""
        address = self._address.pop(session, b"")
        if address:
            _less(self._all, address)
            if not session.device:
                _less(self._unknown, address)


def _less(counts: Counter[bytes], address: bytes) -> None:
    counts[address] -= 1
    if not counts[address]:
        del counts[address]
