"""What a page loads over the network: requests, and bytes as they came, compressed and with their heads."""

import time
from typing import Any

from playwright.sync_api import Page

# Seconds without anything new, after which nothing more is expected.
QUIET = 1.0
# What the page's service worker fetched itself; from the browser's cache comes 0.
FETCHED = "performance.getEntriesByType('resource').map(({ transferSize }) => transferSize).filter((size) => size > 0)"


class Wire:
    """Counts from now on. `take` tells what came, and counts anew."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._sizes: list[int] = []
        self._of_socket = 0
        self._last = time.monotonic()
        network = page.context.new_cdp_session(page)
        network.send("Network.enable")
        network.on("Network.requestWillBeSent", lambda _: self._note())
        network.on("Network.loadingFinished", lambda event: self._note(int(event["encodedDataLength"])))
        network.on("Network.webSocketFrameReceived", self._note_frame)

    def take(self) -> dict[str, float]:
        """Wait until nothing comes any more; return requests, kB of their answers, and kB that came over the socket."""
        self._last = time.monotonic()
        while time.monotonic() - self._last < QUIET:
            self._page.wait_for_timeout(100)
        found = told(self._sizes) | {"socket_kb": round(self._of_socket / 1000, 1)}
        self._sizes, self._of_socket = [], 0
        return found

    def _note(self, size: int = 0) -> None:
        self._last = time.monotonic()
        if size:
            self._sizes.append(size)

    def _note_frame(self, event: dict[str, Any]) -> None:
        self._note()
        # Binary frames are told in base64.
        self._of_socket += len(event["response"]["payloadData"]) * 3 // 4


def told(sizes: list[int]) -> dict[str, float]:
    """Return how many there are, and kB."""
    return {"requests": len(sizes), "kb": round(sum(sizes) / 1000, 1)}
