"""What a reported content says, for operators: MessagePack of somebody who may have written anything into it."""

from dataclasses import dataclass
from typing import Any

import msgspec

# msgspec tells of nesting too deep to read, and of a text that is none, by errors of Python's own.
UNREADABLE = (msgspec.MsgspecError, RecursionError, UnicodeDecodeError)


class _Outline(msgspec.Struct):
    """What a content of any type has (docs/protocol.md 8)."""

    type: str
    body: dict[str, Any]


@dataclass(frozen=True)
class ShownContent:
    """The type and the text of a content, and the names of its files; plain text that a page has to escape."""

    type: str
    text: str
    files: tuple[str, ...]


_decoder = msgspec.msgpack.Decoder(_Outline)


def read_shown(content: bytes) -> ShownContent | None:
    """Return what can be shown of a content; None when it makes no sense."""
    try:
        outline = _decoder.decode(content)
    except UNREADABLE:
        return None
    body = outline.body
    files = body.get("files")
    names = [one.get("name") for one in files if isinstance(one, dict)] if isinstance(files, list) else []
    # A reaction's emoji is all that it says.
    text = body.get("text", body.get("emoji"))
    return ShownContent(
        outline.type, text if isinstance(text, str) else "", tuple(name for name in names if isinstance(name, str))
    )
