"""A WebSocket as our servers hand it to the application, beside ASGI's own events: nothing in it waits.

An ASGI event costs a queue, a wake-up of a task and a dict, each way. A consumer that finds a wire in its scope under
SCOPE_KEY gets each binary message by a call and writes by one; everything else still comes as events.
"""

from collections.abc import Callable
from typing import Protocol

from websockets.speedups import apply_mask

from talk2me.bounds import LARGEST_SOCKET_MESSAGE

SCOPE_KEY = "talk2me.wire"

# The first byte of a frame that is a whole binary message, and the masks of its parts (RFC 6455, 5.2).
WHOLE_BINARY = 0x82
FINAL = 0x80
OPCODE = 0x0F
TEXT_OR_BINARY = (1, 2)
CONTINUATION = 0
# In the second byte.
MASKED = 0x80


class Wire(Protocol):
    """One socket; the application sets `on_message` and `on_room`, and back to None when it has done."""

    on_message: Callable[[bytes], None] | None
    on_room: Callable[[], None] | None
    # What was written has not left: `on_room` is called when it has.
    full: bool

    def write(self, content: bytes) -> None:
        """Send a binary message; into nothing when the peer is gone."""

    def hold(self, held: bool) -> None:
        """Read nothing more of the peer, or go on."""

    def close(self, code: int) -> None:
        """Close after what was written."""


def whole_binary(content: bytes) -> bytes:
    """Return the frame of a binary message."""
    size = len(content)
    if size < 126:
        return bytes((WHOLE_BINARY, size)) + content
    if size < 65536:
        return b"\x82\x7e" + size.to_bytes(2, "big") + content
    return b"\x82\x7f" + size.to_bytes(8, "big") + content


class FrameReader:
    """Cuts a stream into frames.

    What comes thousands of times a second, a binary message in one frame, is unmasked here at a tenth of what a
    library takes for it; all others, as they are, are the library's.
    """

    # The beginning of a frame whose end has not come.
    _rest: bytearray | None = None
    _amid_message = False

    def whole_message(self, content: bytes) -> None:
        """Take a binary message."""
        raise NotImplementedError

    def other_frame(self, frame: bytes) -> None:
        """Take the bytes of any other frame; or of all there is when the library will refuse it by its head."""
        raise NotImplementedError

    def read_frames(self, data: bytes) -> None:
        """Take what came."""
        if self._rest is None:
            end = self._read(data)
            if end < len(data):
                self._rest = bytearray(data[end:])
        else:
            self._rest += data
            end = self._read(self._rest)
            if end < len(self._rest):
                del self._rest[:end]
            else:
                self._rest = None

    def _read(self, data: bytes | bytearray) -> int:
        """Take the frames that are there to their end; return where that is."""
        at, size = 0, len(data)
        while size - at >= 2:
            first, length = data[at], data[at + 1] - MASKED
            start = at + 6
            if length == 126:
                if size - at < 8:
                    break
                length, start = (data[at + 2] << 8) | data[at + 3], at + 8
            elif length == 127:
                if size - at < 14:
                    break
                length, start = int.from_bytes(data[at + 2 : at + 10], "big"), at + 14
            if not 0 <= length <= LARGEST_SOCKET_MESSAGE:
                self.other_frame(bytes(data[at:]))
                return size
            end = start + length
            if end > size:
                break
            if first == WHOLE_BINARY and not self._amid_message:
                self.whole_message(apply_mask(data[start:end], data[start - 4 : start]))
            else:
                if first & OPCODE in TEXT_OR_BINARY or first & OPCODE == CONTINUATION:
                    self._amid_message = not first & FINAL
                self.other_frame(bytes(data[at:end]))
            at = end
        return at
