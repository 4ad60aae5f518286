"""What passes between workers through the channel layer.

A publication is a small header and a list of wake-ups. News carry the whole `envelope.new` frame as it goes to sockets,
so a worker reads nothing inside it: whether one of its sockets wants the frame is seen by the mailbox beside it.
"""

import msgspec
from msgspec import Struct

# A larger frame stays at home: the browsers of the other workers are told the head, and drain.
RIDE_ALONG_BYTES = 64 * 1024


class News(Struct, frozen=True, array_like=True, tag=1):
    """New envelopes of a mailbox, the last of them at `head`: `count` in the frame, `commits` of all of them."""

    mailbox: bytes
    head: int
    slot: int
    commits: int
    count: int
    frame: bytes


class Subscribers(Struct, frozen=True, array_like=True, tag=2):
    """From sequence `last` on, at `slot`, these are the devices of a mailbox; those dropped read up to `last`."""

    mailbox: bytes
    devices: list[bytes]
    last: int
    slot: int


class Signalled(Struct, frozen=True, array_like=True, tag=3):
    """A signal of `device`."""

    mailbox: bytes
    body: bytes
    device: bytes


class Opened(Struct, frozen=True, array_like=True, tag=4):
    """Devices that have a socket, and the ticket of each: of two sockets the one with the lower ticket closes.

    `again`: not just now, but told again because somebody may have missed it.
    """

    sockets: dict[bytes, int]
    again: bool = False


class DevicesEnded(Struct, frozen=True, array_like=True, tag=5):
    """Devices that were removed: their sockets close with `code`."""

    devices: list[bytes]
    code: str


WakeUp = News | Subscribers | Signalled | Opened | DevicesEnded


class Publication(Struct, frozen=True, array_like=True):
    """Wake-ups of one worker, numbers `before + 1` and on of all it ever had to tell; none: only a sign of life.

    `at` is unix time in seconds.
    """

    before: int
    at: float
    wakeups: list[WakeUp]


encode = msgspec.msgpack.Encoder().encode
_decoder: msgspec.msgpack.Decoder[Publication] = msgspec.msgpack.Decoder(Publication)


def decode(body: bytes) -> Publication:
    """Read a publication. Raises msgspec.MsgspecError for anything else."""
    return _decoder.decode(body)


def as_told(wakeup: WakeUp) -> WakeUp:
    """Return the wake-up as it is told to others: without a frame that is too large to ride along."""
    if isinstance(wakeup, News) and len(wakeup.frame) > RIDE_ALONG_BYTES:
        return News(wakeup.mailbox, wakeup.head, wakeup.slot, wakeup.commits, 0, b"")
    return wakeup


def size(wakeup: WakeUp) -> int:
    """Return about how many bytes a wake-up takes."""
    match wakeup:
        case News(frame=frame):
            return 64 + len(frame)
        case Subscribers(devices=devices) | DevicesEnded(devices=devices):
            return 64 + 18 * len(devices)
        case Opened(sockets=sockets):
            return 64 + 27 * len(sockets)
        case Signalled(body=body):
            return 64 + len(body)
