"""From the bytes of a WebSocket message to frames, and back: a MessagePack array of frames each way."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from messaging.frames import BODY_LIMITS, MESSAGE_BYTES, MESSAGE_FRAMES, REQUEST_TYPES, AnyRequest, CommitSend
from talk2me.errors import BadFrame, Talk2meError, TooLarge, UnknownFrame

# msgspec tells of nesting too deep to read, and of a text that is none, by errors of Python's own.
UNREADABLE = (msgspec.MsgspecError, RecursionError, UnicodeDecodeError)
WELCOME_BYTES = BODY_LIMITS[CommitSend]["body"]
# In a message no longer than this no body can be over its limit.
SMALLEST_LIMIT = min(limit for limits in BODY_LIMITS.values() for limit in limits.values())


class _Outline(msgspec.Struct):
    """What a frame of any type has."""

    type: str
    ref: int | None = None


@dataclass(frozen=True)
class Refused:
    """A frame that could not be read; after a `fatal` one the socket closes."""

    ref: int | None
    error: Talk2meError
    fatal: bool


_whole = msgspec.msgpack.Decoder(list[AnyRequest])
_parts = msgspec.msgpack.Decoder(list[msgspec.Raw])
_outline = msgspec.msgpack.Decoder(_Outline)
_frame: msgspec.msgpack.Decoder[AnyRequest] = msgspec.msgpack.Decoder(AnyRequest)


def read_frames(message: bytes) -> list[AnyRequest | Refused]:
    """Return the frames of a WebSocket message in order; a fatal one is the last.

    Nearly every message is right, so it is first read in one go, and part by part only when that fails.
    """
    if len(message) > MESSAGE_BYTES:
        return [Refused(None, TooLarge(), fatal=True)]
    try:
        frames: list[AnyRequest | Refused] = _whole.decode(message)  # type: ignore[assignment]  # all were read
    except UNREADABLE:
        frames = _read_parts(message)
    if len(frames) > MESSAGE_FRAMES:
        return [Refused(None, BadFrame(), fatal=True)]
    if len(message) > SMALLEST_LIMIT:
        frames = [frame if isinstance(frame, Refused) else _measured(frame) for frame in frames]
    return frames


def _measured(frame: AnyRequest) -> AnyRequest | Refused:
    """Return the frame, or the refusal of one with a body over its limit."""
    limits = BODY_LIMITS.get(type(frame))
    if limits is None:
        return frame
    if any(len(getattr(frame, field)) > limit for field, limit in limits.items()) or (
        isinstance(frame, CommitSend) and any(len(welcome.body) > WELCOME_BYTES for welcome in frame.welcomes)
    ):
        return Refused(frame.ref, TooLarge(), fatal=False)
    return frame


def _read_parts(message: bytes) -> list[AnyRequest | Refused]:
    try:
        parts = _parts.decode(message)
    except UNREADABLE:
        return [Refused(None, BadFrame(), fatal=True)]
    frames: list[AnyRequest | Refused] = []
    for part in parts:
        frames.append(_read_part(part))
        last = frames[-1]
        if isinstance(last, Refused) and last.fatal:
            break
    return frames


def _read_part(part: msgspec.Raw) -> AnyRequest | Refused:
    try:
        outline = _outline.decode(part)
    except UNREADABLE:
        return Refused(None, BadFrame(), fatal=True)
    ref = outline.ref if outline.ref is not None and 0 <= outline.ref < 2**32 else None
    if outline.type not in REQUEST_TYPES:
        return Refused(ref, UnknownFrame(), fatal=False)
    try:
        return _frame.decode(part)
    except UNREADABLE:
        return Refused(ref, BadFrame(), fatal=True)


def pack_frames(frames: Sequence[bytes]) -> bytes:
    """Return one MessagePack array of frames that are already encoded: the same bytes go to many sockets."""
    count = len(frames)
    head = bytes([0x90 | count]) if count < 16 else b"\xdc" + count.to_bytes(2, "big")
    return head + b"".join(frames)
